import { judgeInterval } from "@unbroken/detection";
import { parseProfile } from "@unbroken/model";
import { DAY, EpochMs, HOUR, Milli } from "@unbroken/units";
import { describe, expect, it } from "vitest";

// Mean kinetic temperature as USP ⟨1160⟩ and ⟨1079.2⟩ have it: ΔH = 83.144 kJ/mol, ΔH/R = 10 000 K, weighted by time.
// Through the whole judge, for what it prints is what a person compares.

type Stretch = readonly [celsius: number, ms: number];

function judged(stretches: readonly Stretch[], rule: object): ReturnType<typeof judgeInterval> {
  const parsed = parseProfile({ id: "usp", cadence: "P30D", gap: "P400D", rules: [rule] }, "usp");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  let at = Date.UTC(2026, 0, 1);
  const readings = stretches.map(([celsius, ms]) => {
    const reading = {
      sensor: "a",
      at: EpochMs(at),
      sample: { kind: "value", milli: Milli(Math.round(celsius * 1_000)) },
    } as const;
    at += ms;
    return reading;
  });
  return judgeInterval({ profile: parsed.profile, readings, to: EpochMs(at) });
}

const window = (limit: number, scope: string): object => ({
  ...{ id: "mkt", quantity: "mkt", cmp: "gt", limit, mode: "window", scope },
});
const month = 30 * DAY;

describe("the mean kinetic temperature of an interval", () => {
  it.each([
    [
      "2 and 8 °C for as long",
      [
        [2, DAY],
        [8, DAY],
      ],
      5.5364,
    ],
    [
      "23 h at 5 °C, 1 h at 15 °C",
      [
        [5, 23 * HOUR],
        [15, HOUR],
      ],
      5.7635,
    ],
    [
      "16 h at 5 °C, 8 h at 12 °C",
      [
        [5, 16 * HOUR],
        [12, 8 * HOUR],
      ],
      8.0257,
    ],
    [
      "717 h at 22 °C, 3 h at 29 °C",
      [
        [22, 717 * HOUR],
        [29, 3 * HOUR],
      ],
      22.0432,
    ],
    [
      "24 d at 24 °C, 6 d at 30 °C",
      [
        [24, 24 * DAY],
        [30, 6 * DAY],
      ],
      25.5388,
    ],
    [
      "a year by months",
      [20, 20, 21, 22, 23, 25, 27, 27, 25, 23, 21, 20].map((celsius) => [celsius, month]),
      23.1811,
    ],
  ] as const satisfies readonly (readonly [
    string,
    readonly Stretch[] | readonly (readonly number[])[],
    number,
  ])[])("%s", (_, stretches, expected) => {
    expect(judged(stretches as readonly Stretch[], window(50, "PT1H")).mkt_c).toBe(expected);
  });

  it.each([
    // The plain mean is 7.33 °C, and yet the window that ends with the warm hours is above 8 °C (USP ⟨659⟩).
    [
      "controlled cold: 16 h at 5 °C, 8 h at 12 °C",
      [
        [5, 16 * HOUR],
        [12, 8 * HOUR],
      ],
      window(8, "PT24H"),
      "broken",
    ],
    [
      "controlled cold: 23 h at 5 °C, 1 h at 15 °C",
      [
        [5, 23 * HOUR],
        [15, HOUR],
      ],
      window(8, "PT24H"),
      "intact",
    ],
    [
      "controlled room: 24 d at 24 °C, 6 d at 30 °C",
      [
        [24, 24 * DAY],
        [30, 6 * DAY],
      ],
      window(25, "P30D"),
      "broken",
    ],
    [
      "controlled room: 717 h at 22 °C, 3 h at 29 °C",
      [
        [22, 717 * HOUR],
        [29, 3 * HOUR],
      ],
      window(25, "P30D"),
      "intact",
    ],
    // One hour less than the window: what is not measured is no evidence.
    [
      "15 h at 5 °C, 8 h at 5 °C",
      [
        [5, 15 * HOUR],
        [5, 8 * HOUR],
      ],
      window(8, "PT24H"),
      "unproven",
    ],
  ] as const satisfies readonly (readonly [string, readonly Stretch[], object, string])[])(
    "%s",
    (_, stretches, rule, verdict) => {
      expect(judged(stretches, rule).verdict).toBe(verdict);
    },
  );
});
