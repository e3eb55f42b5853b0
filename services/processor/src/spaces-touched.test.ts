import { Fact, RegistryBuilder, type Statement } from "@unbroken/model";
import { expect, it } from "vitest";
import { Presence } from "./presence.ts";
import { spacesTouched } from "./spaces-touched.ts";

const hash = "1".repeat(64);
const noon = 43_200_000;

function told(stated: readonly (readonly [from: number, statement: unknown])[]): readonly string[] {
  const registry = new RegistryBuilder();
  const presence = new Presence();
  let touched: readonly string[] = [];
  for (const [i, [effectiveFrom, statement]] of stated.entries()) {
    const fact = Fact.parse({
      id: `f${i}`,
      organisation: "acme",
      effectiveFrom,
      statedAt: noon,
      statedBy: "test",
      statement,
    });
    registry.apply(fact);
    presence.note(fact);
    touched = spacesTouched(registry, presence, fact).map(({ space, from }) => `${space} ${from}`);
  }
  return touched;
}

const placed = (space: string, probe?: string): Partial<Statement> => ({
  kind: "sensor-placed",
  device: "d1",
  space,
  ...(probe === undefined ? {} : { probe }),
});
const described = (probe?: string): Partial<Statement> => ({
  kind: "sensor-described",
  device: "d1",
  ...(probe === undefined ? {} : { probe }),
});

it.each<readonly [string, readonly (readonly [number, unknown])[], readonly string[]]>([
  [
    "a move: both spaces from then on",
    [
      [0, placed("a")],
      [noon, placed("b")],
    ],
    [`a ${noon}`, `b ${noon}`],
  ],
  [
    "the first of a probe by itself: all of the past, for it leaves the device's",
    [
      [0, placed("a")],
      [noon, placed("b", "rear")],
    ],
    ["a 0", "b 0"],
  ],
  [
    "the second of a probe: from then on",
    [
      [0, placed("a")],
      [0, placed("a", "rear")],
      [noon, placed("b", "rear")],
    ],
    [`a ${noon}`, `b ${noon}`],
  ],
  [
    "a calibration: all spaces where the device stood, from then on",
    [
      [0, placed("a")],
      [5, placed("b")],
      [noon, described()],
    ],
    [`a ${noon}`, `b ${noon}`],
  ],
  [
    "the first calibration of one probe: all of the past",
    [
      [0, placed("a")],
      [0, described()],
      [noon, described("rear")],
    ],
    ["a 0"],
  ],
  [
    "a profile stated after it was assigned: from its assignment on",
    [
      [noon, { kind: "profile-assigned", space: "a", hash }],
      [0, { kind: "profile-stated", profile: "p", hash, document: {} }],
    ],
    [`a ${noon}`],
  ],
  [
    "a phase: its space, from then on",
    [[noon, { kind: "phase-stated", space: "a", phase: "load" }]],
    [`a ${noon}`],
  ],
  ["a name: nothing", [[noon, { kind: "space-declared", space: "a", name: "A" }]], []],
])("a fact touches what it changes: %s", (_, stated, expected) => {
  expect(told(stated)).toEqual(expected);
});
