import { momentOf } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { contactOf, coldRoom, roomLogger } from "./equipment.ts";
import { generate, type SimulatedMessage } from "./generate.ts";
import { hours, minutes } from "./lengths.ts";
import type { Scenario, SpacePlan, Story } from "./scenario.ts";
import { chilledFood } from "./stated-profiles.ts";
import { samplesByDevice, truthOf } from "./truth.ts";

const START = Date.parse("2026-01-05T00:00:00+08:00");
const SECOND_MS = 1_000;

const room: SpacePlan = {
  space: "room",
  name: "Room",
  home: { site: "site" },
  profile: chilledFood.id,
  climate: { meanC: 15, swingC: 0, weatherC: 0 },
  thermal: coldRoom(4),
  traffic: null,
};

function scenarioWith(stories: readonly Story[]): Scenario {
  return {
    name: "contacts",
    title: "One room",
    organisation: "acme",
    lasts: hours(12),
    stepS: 5,
    sites: [{ site: "site", name: "Site", region: "530111" }],
    vehicles: [],
    profiles: [chilledFood],
    spaces: [room],
    devices: [roomLogger("probe", room)],
    contacts: [
      contactOf("contact", room, { radio: { ...roomLogger("x", room).radio, resend: 0 } }),
    ],
    stories,
  };
}

interface Said {
  readonly at: number;
  readonly receivedAt: number;
  readonly door_open: boolean;
  readonly defrost: boolean;
  readonly power_ok: boolean;
  readonly seq: number;
}

function saidIn(messages: readonly SimulatedMessage[]): readonly Said[] {
  return messages
    .filter(({ identity }) => identity === "acme/contact")
    .flatMap(({ payload, received_at }) => {
      type Row = Omit<Said, "at" | "receivedAt"> & { readonly measured_at: string };
      const { readings } = payload as unknown as { readonly readings?: readonly Row[] };
      const receivedAt = momentOf(received_at);
      return (readings ?? [payload as unknown as Row]).map((row) => ({
        ...row,
        at: momentOf(row.measured_at),
        receivedAt,
      }));
    });
}

const played = (...stories: Story[]): readonly Said[] =>
  saidIn(generate(scenarioWith(stories), { seed: 1, start: START }).messages);

/** When it said, in seconds from the start, that something became so. */
function changes(
  said: readonly Said[],
  of: (row: Said) => boolean,
): readonly (readonly [number, boolean])[] {
  const rows = said.toSorted((a, b) => a.seq - b.seq);
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    const isNews = before !== undefined && of(before) !== of(row);
    return isNews ? [[(row.at - START) / SECOND_MS, of(row)] as const] : [];
  });
}

describe("a contact", () => {
  it("says that a door was opened and shut, each within a few seconds", () => {
    const said = played({
      kind: "door-open",
      space: "room",
      at: hours(3),
      lasts: minutes(3),
      opening: 0.1,
    });
    const [opened, shut, ...more] = changes(said, (row) => row.door_open);
    expect(more).toEqual([]);
    expect(opened?.[1]).toBe(true);
    expect(Math.abs((opened?.[0] ?? 0) - 10_800)).toBeLessThanOrEqual(8);
    expect(shut?.[1]).toBe(false);
    expect(Math.abs((shut?.[0] ?? 0) - 10_980)).toBeLessThanOrEqual(8);
  });

  it("is never silent for longer than its heartbeat and a step, whatever happens", () => {
    const times = played().map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(360);
    for (const [i, at] of times.entries())
      if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeLessThanOrEqual(126 * SECOND_MS);
  });

  it("reports each defrost for as long as it lasts: 15 minutes, every 8 hours", () => {
    const turns = changes(played(), (row) => row.defrost);
    const lengths = turns.flatMap(([at, is], i) => {
      const end = turns[i + 1];
      return is && end !== undefined ? [end[0] - at] : [];
    });
    expect(lengths.length).toBeGreaterThan(0);
    for (const length of lengths) expect(Math.abs(length - 900)).toBeLessThanOrEqual(10);
  });

  it("says that the supply failed, and that it came back", () => {
    const said = played({ kind: "supply-cut", space: "room", at: hours(2), lasts: hours(1) });
    expect(changes(said, (row) => row.power_ok).map(([, is]) => is)).toEqual([false, true]);
  });

  it("tells afterwards what changed while it had no radio", () => {
    const door = { kind: "door-open", space: "room", at: hours(3), lasts: minutes(3) } as const;
    const gap = {
      kind: "radio-gap",
      device: "contact",
      at: hours(2.9),
      lasts: minutes(20),
    } as const;
    const said = played({ ...door, opening: 0.1 }, gap);
    const during = said.filter(({ door_open: isOpen }) => isOpen);
    expect(during.length).toBeGreaterThan(0);
    for (const { receivedAt } of during)
      expect(receivedAt).toBeGreaterThanOrEqual(START + gap.at + gap.lasts);
  });

  it("says nothing that a judge of temperatures takes for a sample or a sensor", () => {
    const scenario = scenarioWith([]);
    const { messages } = generate(scenario, { seed: 1, start: START });
    expect(samplesByDevice(messages).get("contact")).toEqual([]);
    const truth = { messages, start: START + 60 * SECOND_MS, end: START + scenario.lasts };
    expect(truthOf({ scenario, ...truth })).toEqual([
      { organisation: "acme", space: "room", unproven_minutes: 0 },
    ]);
  });
});

describe("a supply cut", () => {
  it("stops the cooling, as a breakdown does", () => {
    const warmest = (kind: "supply-cut" | "breakdown" | null): number => {
      const stories: Story[] =
        kind === null ? [] : [{ kind, space: "room", at: hours(2), lasts: hours(6) }];
      const { messages } = generate(scenarioWith(stories), { seed: 1, start: START });
      return Math.max(...(samplesByDevice(messages).get("probe") ?? []).map((s) => s.milli ?? 0));
    };
    expect(warmest("supply-cut")).toBe(warmest("breakdown"));
    expect(warmest("supply-cut")).toBeGreaterThan(warmest(null) + 2_000);
  });
});
