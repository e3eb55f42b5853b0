import type { Json } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { coldRoom, roomLogger } from "./equipment.ts";
import type { Scenario, SpacePlan } from "./scenario.ts";
import { truthOf, type Truth } from "./truth.ts";

const MINUTE_MS = 60_000;
const room: SpacePlan = {
  space: "room",
  name: "room",
  home: { site: "site" },
  profile: "p",
  climate: { meanC: 20, swingC: 0, weatherC: 0 },
  thermal: coldRoom(4),
  traffic: null,
};
const scenario: Scenario = {
  name: "table",
  title: "",
  organisation: "o",
  lasts: 0 as Scenario["lasts"],
  stepS: 5,
  sites: [],
  vehicles: [],
  profiles: [
    {
      id: "p",
      cadence: "PT1M",
      rules: [
        { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT3M" },
        { id: "frost", cmp: "lt", limit: 0, mode: "instant" },
      ],
    },
  ],
  spaces: [room],
  devices: [roomLogger("a", room), roomLogger("b", room)],
  stories: [],
};

/** One column a minute: a number in °C, `x` a fault, `.` silence. As of the end of the row. */
function judged(
  rows: Readonly<Record<string, string>>,
  profiles = scenario.profiles,
): readonly string[] {
  const columns = Object.values(rows).map((row) => row.trim().split(/\s+/));
  const messages = Object.keys(rows).flatMap((device, i) =>
    (columns[i] ?? []).flatMap((cell, minute) =>
      cell === "."
        ? []
        : [
            {
              topic: `unbroken/v1/o/${device}/up`,
              payload: {
                measured_at: minute * MINUTE_MS,
                temperature_c: cell === "x" ? null : Number(cell),
              } satisfies Json,
            },
          ],
    ),
  );
  const devices = scenario.devices.filter(({ device }) => device in rows);
  const truth = truthOf({
    scenario: { ...scenario, profiles, devices },
    // The order of arrival must not matter.
    messages: messages.toReversed(),
    start: 0,
    end: (columns[0]?.length ?? 0) * MINUTE_MS,
  });
  return truth.map(worded);
}

function worded(line: Truth): string {
  if (!("rule" in line)) return `unproven ${line.unproven_minutes}`;
  const minute = (text: string): number => Date.parse(text) / MINUTE_MS;
  const until = line.until === null ? "…" : String(minute(line.until));
  return `${line.rule} ${minute(line.since)}–${until} (${line.minutes} min, ${line.peak_c} °C)`;
}

describe("the naive judge", () => {
  it.each([
    [
      "out for as long as the hold is an excursion",
      "5 9 10 9 5 5",
      ["high 1–4 (3 min, 10 °C)", "unproven 0"],
    ],
    ["out for less is none", "5 9 9 5 5 5", ["unproven 0"]],
    ["the limit itself is in range", "8 8 8 8 8 8", ["unproven 0"]],
    ["it may last at the end", "5 9 9 9", ["high 1–… (3 min, 9 °C)", "unproven 0"]],
    ["one lost message is no gap", "5 9 . 9 9 5", ["high 1–5 (4 min, 9 °C)", "unproven 0"]],
    ["silence proves nothing from the last reading on", "5 9 9 9 . . . . 9 9 5", ["unproven 5"]],
    [
      "an excursion ends where nothing is proven any more",
      "9 9 9 9 . . . 5",
      ["high 0–3 (3 min, 9 °C)", "unproven 4"],
    ],
    ["a fault proves nothing, and interrupts", "9 9 x 9 9 5", ["unproven 1"]],
    ["before the first reading nothing is proven", ". . 5 5", ["unproven 2"]],
    ["after the last one too, once the gap has passed", "5 5 . . .", ["unproven 4"]],
    [
      "a moment of frost is an excursion of the instant rule",
      "5 -1 5",
      ["frost 1–2 (1 min, -1 °C)", "unproven 0"],
    ],
    ["even one that holds for no time", "5 -1 . . . 5", ["frost 1–1 (0 min, -1 °C)", "unproven 4"]],
  ])("finds that %s", (_, row, expected) => {
    expect(judged({ a: row })).toEqual(expected);
  });

  it.each([
    [
      "out goes before unproven",
      "x x x x x",
      "9 9 9 9 5",
      ["high 0–4 (4 min, 9 °C)", "unproven 1"],
    ],
    ["unproven goes before in", "5 5 5 5 5", "5 x x 5 5", ["unproven 2"]],
    [
      "one sensor may take over from the other",
      "9 9 5 5 5",
      "5 5 11 11 5",
      ["high 0–4 (4 min, 11 °C)", "unproven 0"],
    ],
  ])("combines two sensors: %s", (_, a, b, expected) => {
    expect(judged({ a, b })).toEqual(expected);
  });

  it.each([
    ["PT2M", ["high 0–4 (4 min, 9 °C)", "unproven 0"]],
    ["PT1M59S", ["unproven 2"]],
  ])("bridges two minutes of silence where the gap is %s", (gap, expected) => {
    const [profile] = scenario.profiles;
    if (profile === undefined) throw new Error("no profile");
    expect(judged({ a: "9 9 . 9 5" }, [{ ...profile, gap }])).toEqual(expected);
  });

  it("proves nothing of a space without sensors", () => {
    const truth = truthOf({
      scenario: { ...scenario, devices: [] },
      messages: [],
      start: 0,
      end: 60_000,
    });
    expect(truth.map(worded)).toEqual(["unproven 1"]);
  });
});
