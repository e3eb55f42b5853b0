import { EpochMs, HOUR, MINUTE, SECOND } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arrival } from "./arrival-run.ts";
import type { ClockFinding } from "./clock-finding.ts";
import { clockFindings, observeClock, unknownClock, type ClockState } from "./observe-clock.ts";

const T0 = Date.UTC(2026, 4, 5, 8);
/** What a clock that begins in 2000 shows a minute after it got power. */
const POWERED_ON = Date.UTC(2000, 0, 1, 0, 1);

/** An arrival `minute` after eight, of a clock `ahead` ms ahead, `delay` ms under way. */
const arrival = (
  minute: number,
  ahead: number,
  {
    delay = 400,
    by = "sent-at",
    number,
    boot = 1,
  }: Partial<{
    delay: number;
    by: Arrival["by"];
    number: number;
    boot: number;
  }> = {},
): Arrival => {
  const receivedAt = T0 + minute * MINUTE;
  return {
    receivedAt: EpochMs(receivedAt),
    told: EpochMs(receivedAt - delay + ahead),
    by,
    sequence: number === undefined ? null : { boot, number },
  };
};

/** One arrival every five minutes from minute `from` on. */
const every5 = (
  from: number,
  count: number,
  ahead: number,
  more: Parameters<typeof arrival>[2] = {},
): Arrival[] => Array.from({ length: count }, (_, i) => arrival(from + 5 * i, ahead, more));

/** `kind hours ahead, from minute–until minute, ?` for a proposal. */
const shown = (findings: readonly ClockFinding[]): string[] =>
  findings.map(({ kind, offsetMs, from, until, certain }) => {
    const minute = (at: EpochMs): number => (at - T0) / MINUTE;
    const hours = Math.round((offsetMs / HOUR) * 100) / 100;
    const end = until === null ? "" : minute(until);
    return `${kind} ${hours}h ${minute(from)}–${end}${certain ? "" : " ?"}`;
  });

const newest = { by: "newest-reading" } as const;

describe("from what a device's messages show when they arrive it is found that its clock", () => {
  it.each<[string, readonly Arrival[], readonly string[]]>([
    ["is right", every5(0, 30, 0), []],
    ["is right, with messages a minute under way", every5(0, 30, 0, { delay: 60_000 }), []],
    ["is ahead, by a single message", [arrival(0, 10 * MINUTE)], ["ahead 0.17h 0–"]],
    ["is not ahead by what is tolerated", [arrival(0, 2 * MINUTE)], []],
    [
      "runs fast, and was right until it was further ahead than is tolerated",
      Array.from({ length: 20 }, (_, i) => arrival(5 * i, i * 10_000, { delay: 0 })),
      ["ahead 0.04h 65–"],
    ],
    [
      "was ahead until it was set",
      [...every5(0, 6, 10 * MINUTE), ...every5(30, 6, 0)],
      ["ahead 0.17h 0–30"],
    ],
    ["shows China's local time as UTC", every5(0, 6, 8 * HOUR), ["zone 8h 0–"]],
    ["shows Nepal's", every5(0, 6, 5.75 * HOUR, newest), ["zone 5.75h 0–"]],
    [
      "shows New York's, by what it says when it sends",
      every5(0, 6, 0 - 4 * HOUR),
      ["zone -4h 0–"],
    ],
    ["may show New York's, by its readings", every5(0, 6, 0 - 4 * HOUR, newest), ["zone -4h 0– ?"]],
    [
      "began summer time in its local time",
      [...every5(0, 6, HOUR), ...every5(30, 6, 2 * HOUR)],
      ["zone 1h 0–30", "zone 2h 30–"],
    ],
    ["goes on at what a saved time was", every5(0, 6, 0 - 3.1 * HOUR), ["behind -3.1h 0–"]],
    [
      "says nothing by late readings that are late by no zone",
      every5(0, 6, 0 - 3.1 * HOUR, newest),
      [],
    ],
    ["is not ahead by two minutes", [arrival(0, 2 * MINUTE, { delay: 0 })], []],
    ["is ahead by more", [arrival(0, 2 * MINUTE + 1, { delay: 0 })], ["ahead 0.03h 0–"]],
    ["is not behind by two minutes", every5(0, 6, 0 - 2 * MINUTE, { delay: 0 }), []],
    ["is behind by more", every5(0, 6, 0 - 2 * MINUTE - 1, { delay: 0 }), ["behind -0.03h 0–"]],
    [
      "was not set back by two minutes",
      [arrival(0, 0, { number: 7 }), arrival(5, 0 - 7 * MINUTE, { number: 8 })],
      [],
    ],
    [
      "was set back by more",
      [arrival(0, 0, { number: 7 }), arrival(5, 0 - 7 * MINUTE - 1, { number: 8 })],
      ["stepped -0.03h 0–5"],
    ],
    [
      "was not set back between a number and the same number",
      [arrival(0, 0, { number: 7 }), arrival(5, 0 - HOUR, { number: 7 })],
      [],
    ],
    [
      "was set back in a boot that counts from 1",
      [
        arrival(0, 0, { number: 700 }),
        arrival(5, 0, { number: 1, boot: 2 }),
        arrival(10, 0 - HOUR, { number: 2, boot: 2 }),
      ],
      ["stepped -0.92h 5–10"],
    ],
    [
      "shows local time, or is that far ahead, until enough is seen",
      every5(0, 4, 8 * HOUR),
      ["ahead 8h 0–"],
    ],
    [
      "is said to show local time with the fifth message",
      [...every5(0, 4, 8 * HOUR), arrival(15, 8 * HOUR)],
      ["zone 8h 0–"],
    ],
    [
      "is not believed to be behind by five messages of less than a quarter of an hour",
      [0, 3, 7, 11, 14.99].map((minute) => arrival(minute, 0 - 3.1 * HOUR)),
      [],
    ],
    [
      "is right, though messages were sent two hours late for a while, at most four in a row alike",
      [...every5(0, 6, 0), ...every5(30, 4, 0, { delay: 2 * HOUR }), ...every5(50, 6, 0)],
      [],
    ],
    [
      "is right, though three messages came late",
      [
        ...every5(0, 6, 0),
        arrival(31, 0, { delay: 2 * HOUR }),
        arrival(32, 0, { delay: 2 * HOUR }),
        arrival(33, 0, { delay: 2 * HOUR }),
        ...every5(35, 6, 0),
      ],
      [],
    ],
    [
      "is right, though a queue of four hours was emptied at once",
      [
        ...Array.from({ length: 48 }, (_, i) =>
          arrival(i / 60, 0, { delay: (240 - 5 * i) * MINUTE }),
        ),
        ...every5(5, 6, 0),
      ],
      [],
    ],
    [
      "was set back, seen live",
      [...every5(0, 6, 0), ...every5(30, 6, 0 - 3.1 * HOUR)],
      ["behind -3.1h 30–"],
    ],
    [
      "was never set, and then was",
      [arrival(0, POWERED_ON - T0), arrival(5, POWERED_ON - T0), ...every5(10, 6, 0)],
      [`never-set ${Math.round(((POWERED_ON - T0 - 400) / HOUR) * 100) / 100}h 0–10`],
    ],
    [
      "was set back by an hour between two numbers",
      [arrival(0, HOUR, { number: 7 }), arrival(5, 0, { number: 8 })],
      ["ahead 1h 0–", "stepped -0.92h 0–5"],
    ],
    [
      "was not set back where the number is of another boot",
      [arrival(0, 0, { number: 7 }), arrival(5, 0 - HOUR, { number: 8, boot: 2 })],
      [],
    ],
    [
      "was not set back where an older number comes later",
      [arrival(0, 0, { number: 8, ...newest }), arrival(5, 0 - HOUR, { number: 7, ...newest })],
      [],
    ],
  ])("%s", (_, arrivals, expected) => {
    expect(shown(clockFindings(arrivals)).sort()).toEqual([...expected].sort());
  });
});

it("says how far an offset may be off: a delay, and how old a newest reading may be", () => {
  const error = (more: Parameters<typeof arrival>[2]) =>
    clockFindings(every5(0, 6, 8 * HOUR, more))[0]?.errorMs;
  expect([error({}), error(newest)]).toEqual([2 * MINUTE, 7 * MINUTE]);
});

it("tells an offset by the least delayed of messages that agree to two minutes", () => {
  const delays = [60_000, 119_000, 400, 120_400, 3_000, 90_000];
  const late = delays.map((delay, i) => arrival(5 * i, 0 - 3.1 * HOUR, { delay }));
  expect(clockFindings(late).map(({ offsetMs }) => offsetMs)).toEqual([0 - 3.1 * HOUR - 400]);
});

it("does not know the age of a newest reading by messages of which some tell when they were sent", () => {
  const [first, ...rest] = every5(0, 6, 8 * HOUR);
  const mixed = [...(first ? [{ ...first, ...newest }] : []), ...rest];
  expect(clockFindings(mixed)[0]?.errorMs).toBe(7 * MINUTE);
});

it("names the times that were shown twice", () => {
  const [before, after] = [arrival(0, HOUR, { number: 7 }), arrival(5, 0, { number: 8 })];
  const step = clockFindings([before, after]).find(({ kind }) => kind === "stepped");
  expect(step?.shownTwice).toEqual([after.told, before.told]);
  // It was set at any time within the five minutes, and either message may have taken two.
  expect(step?.errorMs).toBe(7 * MINUTE);
});

describe("a rate is proposed from the least delayed message of each day", () => {
  const days = (count: number, perDay: number, noise: (i: number) => number): Arrival[] =>
    Array.from({ length: count * 4 }, (_, i) =>
      arrival(i * 360, Math.round((i / 4) * perDay), { delay: 200 + noise(i) }),
    );
  // A fixed jitter of 0 to 100 ms, and one message in five half a minute late.
  const jitter = (i: number): number => ((i * 37) % 101) + (i % 5 === 0 ? 30_000 : 0);

  it.each([
    ["a good clock", 12, 200, []],
    ["5 s a day too fast", 12, 5_000, [5_000]],
    ["5 s a day too slow", 12, -5_000, [-5_000]],
    ["seven whole days of it", 7, 5_000, [5_000]],
    ["too few days", 6, 5_000, []],
    ["slower than tells anything", 20, 990, []],
    ["just fast enough", 20, 1_010, [1_010]],
  ])("%s", (_, count, perDay, expected) => {
    const found = clockFindings(days(count, perDay, jitter)).filter(
      ({ kind }) => kind === "drifting",
    );
    expect(found.map(({ certain }) => certain)).toEqual(expected.map(() => false));
    found.forEach(({ offsetMs, errorMs }, i) => {
      expect(Math.abs(offsetMs - (expected[i] ?? 0))).toBeLessThanOrEqual(errorMs);
      expect(errorMs).toBeLessThan(500);
    });
  });

  it("is said once, and again where it has become another", () => {
    const said = (list: readonly Arrival[]): number[] => {
      let state: ClockState = unknownClock;
      return list.flatMap((one) => {
        const [next, findings] = observeClock(state, one);
        state = next;
        return findings.flatMap(({ kind, offsetMs }) => (kind === "drifting" ? [offsetMs] : []));
      });
    };
    expect(said(days(25, 3_000, jitter))).toHaveLength(1);
    const faster = days(40, 9_000, jitter)
      .slice(60)
      .map((one) => ({ ...one, told: EpochMs(one.told - 15 * 6_000) }));
    const rates = said([...days(15, 3_000, jitter), ...faster]);
    expect(rates.length).toBeGreaterThan(1);
    expect(Math.abs((rates.at(-1) ?? 0) - 9_000)).toBeLessThan(1_500);
  });

  it("ends when the clock is set", () => {
    const set = every5(12 * 1_440, 6, 10 * MINUTE);
    const found = clockFindings([...days(12, 5_000, jitter), ...set]);
    expect(found.find(({ kind }) => kind === "drifting")?.until).toBe(set[0]?.receivedAt);
  });

  it("is not seen in the weather of a network", () => {
    const noisy = days(20, 0, (i) => ((i * 7_919) % 20) * SECOND);
    expect(clockFindings(noisy)).toEqual([]);
  });
});

const arrivals = fc.array(
  fc
    .record({
      minute: fc.integer({ min: 0, max: 300 }),
      ahead: fc.constantFrom(
        0,
        0,
        0,
        8 * HOUR,
        0 - 4 * HOUR,
        5 * MINUTE,
        Date.UTC(2000, 0, 1) - T0,
      ),
      delay: fc.constantFrom(100, 1_000, 3 * MINUTE, HOUR),
      number: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      by: fc.constantFrom("sent-at" as const, "newest-reading" as const),
    })
    .map(({ minute, ahead, number, ...more }) =>
      arrival(minute, ahead, number === undefined ? more : { ...more, number }),
    ),
  { maxLength: 40 },
);

it("finds the same in whatever order the arrivals are read again, and from a stored state", () => {
  fc.assert(
    fc.property(
      arrivals.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      ([list, shuffled]) => {
        const found = clockFindings(list);
        expect(clockFindings(shuffled)).toEqual(found);
        let state: ClockState = unknownClock;
        const last = new Map<string, ClockFinding>();
        for (const one of [...list].sort((a, b) =>
          a.receivedAt === b.receivedAt ? a.told - b.told : a.receivedAt - b.receivedAt,
        )) {
          const [next, said] = observeClock(state, one);
          state = JSON.parse(JSON.stringify(next)) as ClockState;
          for (const finding of said)
            last.set(`${finding.kind === "stepped"} ${finding.from}`, finding);
          const open = [...last.values()].filter(
            ({ kind, until }) => kind !== "stepped" && until === null,
          );
          expect(open).toEqual(state.offset === null ? [] : [state.offset]);
        }
      },
    ),
  );
});

it("never ends a finding before it begins", () => {
  fc.assert(
    fc.property(arrivals, (list) => {
      for (const { from, until } of clockFindings(list))
        expect(until ?? from).toBeGreaterThanOrEqual(from);
    }),
  );
});

it("remembers a month of a day, not of messages", () => {
  let state: ClockState = unknownClock;
  for (let i = 0; i < 10_000; i += 1) [state] = observeClock(state, arrival(i * 60, 0));
  expect(state.rate.days.length).toBe(30);
  expect(JSON.stringify(state).length).toBeLessThan(4_000);
  expect(state.run?.last).toBe(T0 + 9_999 * HOUR);
});
