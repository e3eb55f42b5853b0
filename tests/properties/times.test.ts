import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EpochMs, formatIsoTime, MINUTE, parseIsoTime } from "@unbroken/units";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { unbroken } from "../support/command-line.ts";
import { casesOf, SEED, settings } from "./cases.ts";

// Which zone a time is written in changes nothing, and leap seconds do nothing (docs/time.md).

const folder = mkdtempSync(join(tmpdir(), "unbroken-times-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROFILE = join(folder, "profile.json");
writeFileSync(
  PROFILE,
  JSON.stringify({
    id: "times",
    cadence: "PT5M",
    rules: [
      { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT15M" },
      { id: "low", cmp: "le", limit: 2, mode: "cumulative", hold: "PT30M" },
    ],
  }),
);

function judged(
  name: string,
  rows: readonly string[],
  ...more: readonly string[]
): Promise<string> {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, ["measured_at,temperature_c", ...rows, ""].join("\n"));
  return unbroken("judge", "--profile", PROFILE, "--readings", file, ...more);
}

/** What a clock that is so many minutes ahead of UTC shows at a moment, with its offset. */
function written(at: number, ahead: number): string {
  const clock = formatIsoTime(EpochMs(at + ahead * MINUTE)).slice(0, -1);
  const size = Math.abs(ahead);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${clock}${ahead < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

// From 1971 to 2096, so that no offset leads out of the four digits of a year.
const moment = fc.integer({ min: 31_536_000_000, max: 3_976_214_400_000 });
/** Whole quarters of an hour as zones have them, and any minute as history had. */
const offset = fc.oneof(
  fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15),
  fc.integer({ min: -1_439, max: 1_439 }),
);

describe("a time", () => {
  it("is the same moment in whatever offset it is written", () => {
    fc.assert(
      fc.property(moment, offset, (at, ahead) => {
        expect(parseIsoTime(written(at, ahead))).toBe(at);
      }),
      settings(1_000),
    );
  });

  it("is what it was after it was written and read again", () => {
    fc.assert(
      fc.property(moment, (at) => {
        expect(parseIsoTime(formatIsoTime(EpochMs(at)))).toBe(at);
      }),
      settings(1_000),
    );
  });

  it("goes on evenly over each leap second that there was: the minute is 60 s long", () => {
    // IERS Bulletin C: the last ones, at the end of these days.
    for (const day of ["2008-12-31", "2012-06-30", "2015-06-30", "2016-12-31"]) {
      const before = parseIsoTime(`${day}T23:59:00Z`) ?? 0;
      expect(parseIsoTime(`${day}T23:59:59.999Z`)).toBe(before + 59_999);
      const after = formatIsoTime(EpochMs(before + 60_000));
      expect(after.slice(8)).toBe("01T00:00:00.000Z");
      expect(parseIsoTime(after)).toBe(before + 60_000);
      expect(parseIsoTime(`${day}T23:59:60Z`)).toBeNull();
    }
  });
});

describe("unbroken judge", () => {
  const START = Date.UTC(2016, 11, 30);
  const count = casesOf(1_000);
  const rows = fc.sample(
    fc.record({
      minute: fc.integer({ min: 0, max: 3 * 1_440 }),
      celsius: fc.constantFrom(1, 2, 5, 8, 8.001, 9),
      ahead: offset,
    }),
    { numRuns: count, seed: SEED },
  );

  it(`gives the same bytes for ${count} rows in UTC and in offsets of all kinds`, async () => {
    const line = (ahead: number, at: number, celsius: number): string =>
      `${written(at, ahead)},${celsius}`;
    const utc = rows.map(({ minute, celsius }) => line(0, START + minute * MINUTE, celsius));
    const mixed = rows.map(({ minute, celsius, ahead }) =>
      line(ahead, START + minute * MINUTE, celsius),
    );
    expect(mixed).not.toEqual(utc);
    expect(await judged("mixed", mixed)).toBe(await judged("utc", utc));
  });

  it("gives the same bytes for the clock times of a zone without offset", async () => {
    // Shanghai is eight hours ahead all year.
    const local = rows.map(
      ({ minute, celsius }) => `${written(START + minute * MINUTE, 480).slice(0, -6)},${celsius}`,
    );
    const offsets = rows.map(
      ({ minute, celsius }) => `${written(START + minute * MINUTE, 480)},${celsius}`,
    );
    const byZone = await judged("local", local, "--zone", "Asia/Shanghai");
    expect(byZone).toBe(await judged("offsets", offsets));
  });

  it("counts two minutes from 23:59 to 00:01 at the end of 2016, leap second or not", async () => {
    const over = await judged("leap", ["2016-12-31T23:59:00Z,9", "2017-01-01T00:01:00Z,9"]);
    expect(JSON.parse(over)).toMatchObject({ rules: [{ proven: 2 }, { proven: 0 }] });
  });

  it("refuses the leap second itself, for POSIX time has no name for it, and says in which line", async () => {
    const rows = ["2016-12-31T23:59:59Z,5", "2016-12-31T23:59:60Z,5"];
    await expect(judged("sixty", rows)).rejects.toMatchObject({
      stdout: expect.stringMatching(/"UB_TIME_INVALID".*line 3/) as unknown,
    });
  });
});
