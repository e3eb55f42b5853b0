import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DAY, HOUR, MINUTE } from "@unbroken/units";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unbroken } from "../support/command-line.ts";
import { Admin, startServer, type ServerProcess } from "../support/server-process.ts";
import type { Credentials } from "../support/truck.ts";
import {
  extremesOf,
  fridgeTag,
  haveRecordings,
  householdFridgeRows,
  officeRows,
  qTagLabels,
  qTagRows,
  type FridgeTagLabels,
  type Row,
} from "./recordings.ts";

// What real devices recorded goes through the running server as if they published it now, and is judged by the rules
// that they were set to. The server and `unbroken judge` must give the same answer, and that of the device.

const ORGANISATION = "recordings";

interface Rule {
  readonly id: string;
  readonly cmp: "gt" | "lt";
  readonly limit: number;
  readonly mode: "consecutive";
  readonly hold: string;
}

interface ProfileText {
  readonly id: string;
  readonly cadence: string;
  readonly gap?: string;
  readonly rules: readonly Rule[];
}

/** As the server shows it and as `unbroken judge` prints it. */
interface Found {
  readonly rule: string;
  readonly side: string;
  readonly since: number;
  /** Null while it lasts. */
  readonly until: number | null;
  readonly peak_c: number;
  readonly minutes: number;
}

let dir: string;
let server: ServerProcess;
let admin: Admin;

if (!haveRecordings)
  process.stderr.write(
    "recordings of real devices are not here, so nothing is compared with them; UNBROKEN_FIXTURES names their folder\n",
  );

describe.skipIf(!haveRecordings)(
  "recordings of real devices, published to a running server",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "unbroken-conformance-"));
      server = await startServer(dir, { mqtt: "127.0.0.1:0", http: "127.0.0.1:0" });
      admin = new Admin(server.ready.http, server.ready.token ?? "");
    }, 60_000);
    afterAll(async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    it("a Q-tag: out since its start, for as long as it says, and never too cold", async () => {
      const { alarm_config, result } = qTagLabels();
      const profile: ProfileText = {
        id: "q-tag",
        cadence: "PT10M",
        // Of its five alarms those of a single excursion, hot (2) and cold (1); the cumulative ones are of another mode.
        rules: Object.entries(alarm_config).flatMap(([n, { type, limit_c, minutes }]): Rule[] =>
          (type === 1 || type === 2) && limit_c !== undefined && minutes !== undefined
            ? [ruleOf(`alarm-${n}`, type === 2 ? "gt" : "lt", limit_c, minutes)]
            : [],
        ),
      };
      expect(profile.rules.map(({ id }) => id)).toEqual(["alarm-1", "alarm-5"]);
      const excursions = await published("q-tag", qTagRows(), profile, 1);

      const [said, ...more] = result.alarms["1"] ?? [];
      expect(more).toEqual([]);
      expect(result.alarms["5"]).toEqual([]);
      if (said === undefined) throw new Error("the tag said nothing");
      expect(excursions).toHaveLength(1);
      const [hot] = excursions;
      expect(hot).toMatchObject({ rule: "alarm-1", side: "high", until: null });
      expect(said.ended_at).toBeNull();
      // The tag leaves out the value of the moment of its start, which it shows as out of limits: one interval.
      const firstOut = Date.parse(`${said.first_out_of_limit.replace(" ", "T")}Z`);
      expect(Math.abs((hot?.since ?? 0) - firstOut)).toBeLessThanOrEqual(10 * MINUTE);
      expect(minutesApart(hot?.minutes, said.minutes_out)).toBeLessThanOrEqual(10);
      expect(hot?.peak_c).toBe(result["Max T"].c);
    });

    // A Fridge-tag keeps no samples: of each day the lowest and the highest value with their times, and the minutes beyond
    // each limit. Published are those two values a day, and they hold for up to two days. So nothing is shown of how
    // minutes are counted between samples; shown is that days and alarms come out as the tag says where two values tell.

    it("a Fridge-tag in a warm room: one excursion over all sixty days, each of them to the minute", async () => {
      const tag = fridgeTag("160400347643_202604291621_dhis2-importer");
      // The lowest value of each day is above the limit, so the values that are not known were above it too.
      expect(tag.days.every(({ min_c }) => min_c > (tag.alarm_config["1"]?.limit_c ?? 0))).toBe(
        true,
      );
      const excursions = await published("fridge-tag-warm", extremesOf(tag), profileOf(tag), 20);
      expect(excursions).toHaveLength(1);
      const [hot] = excursions;
      expect(hot).toMatchObject({ rule: "alarm-1", side: "high", until: null });

      const days = tag.days.toReversed();
      expect(days).toHaveLength(60);
      // The first day begins and the last ends with a value of which the time is known, not at midnight.
      for (const { date, alarms } of days.slice(1, -1)) {
        const minutes = minutesIn(date, hot, extremesOf(tag).at(-1)?.at ?? 0);
        expect({ date, minutes }).toEqual({ date, minutes: alarms["1"]?.minutes_accumulated });
        // "00:00": the alarm was on when the day began.
        expect(alarms["1"]?.alarm_raised_at).toBe("00:00");
      }
    });

    it("a Fridge-tag in use: minutes beyond the limit on two days, and no alarm on any", async () => {
      const tag = fridgeTag("130400191544_202304201514");
      const minutes = tag.days.map(({ alarms }) => alarms["1"]?.minutes_accumulated);
      expect(minutes).toEqual([0, 0, 2, 8]);
      expect(
        tag.days
          .flatMap(({ alarms }) => Object.values(alarms))
          .some((a) => a.alarm_raised_at !== undefined),
      ).toBe(false);
      const rows = extremesOf(tag);
      expect(await published("fridge-tag-used", rows, profileOf(tag), 1)).toEqual([]);
      // A value is out on just those days of which the tag counted minutes.
      const limit = tag.alarm_config["1"]?.limit_c ?? 0;
      expect(tag.days.map(({ max_c }) => max_c > limit)).toEqual(minutes.map((n) => n !== 0));
      // The least that can be judged out shows that the values arrived: no allowance, each of them is an excursion.
      const strict = { ...profileOf(tag), id: "strict", rules: [ruleOf("hot", "gt", limit, 1)] };
      const warm = await published("fridge-tag-strict", rows, strict, 1);
      expect(warm.map(({ peak_c }) => peak_c)).toEqual([20.8, 8.5]);
      // Held until the next value that is known, so never less than the tag counted each minute.
      expect(warm.every(({ minutes: held }, i) => held >= ([8, 2][i] ?? 0))).toBe(true);
    });

    it("a household fridge heard now and then: its radio gaps are unproven, and what is proven is out or in", async () => {
      // The hours of the day as they were, in the last days: so long is a timeline kept for the boards.
      const recorded = householdFridgeRows();
      const ended = recorded.at(-1)?.at ?? 0;
      const moved = Math.floor((Date.now() - HOUR - ended) / DAY) * DAY;
      const rows = recorded.map(({ at, celsius }) => ({ at: at + moved, celsius }));
      const profile: ProfileText = {
        id: "household",
        cadence: "PT6M",
        rules: [ruleOf("low", "lt", 2, 30), ruleOf("high", "gt", 8, 30)],
      };
      const gap = 15 * MINUTE;
      const excursions = await published("household", rows, profile, 1);

      const naive = stretchesOf(rows, gap, 2);
      const runs = naive.filter((each) => each.is === "low" && each.to - each.from >= 30 * MINUTE);
      expect(runs.length).toBeGreaterThan(1);
      expect(excursions.map(({ since, until }) => [since, until])).toEqual(
        runs.map(({ from, to }) => [from, to === rows.at(-1)?.at ? null : to]),
      );
      const shown = await timelineOf("household", rows);
      expect(shown).toEqual(naive);
      expect(naive.filter(({ is }) => is === "unproven").length).toBeGreaterThan(3);
    });

    it("ten months of an office, 7,267 readings in batches: all stored, and judged as by the command line", async () => {
      const rows = officeRows();
      expect(rows).toHaveLength(7_267);
      const profile: ProfileText = {
        id: "office",
        cadence: "PT1H",
        rules: [ruleOf("warm", "gt", 24, 24 * 60), ruleOf("cool", "lt", 17, 12 * 60)],
      };
      const excursions = await published("office", rows, profile, 100);
      expect(excursions.length).toBeGreaterThan(2);
    });
  },
);

function ruleOf(id: string, cmp: Rule["cmp"], limit: number, minutes: number): Rule {
  return { id, cmp, limit, mode: "consecutive", hold: `PT${minutes}M` };
}

/** The tag's limits as it was set: 0 is cold, 1 is hot. Two values a day hold for two days. */
function profileOf({ alarm_config }: FridgeTagLabels): ProfileText {
  const rules = Object.entries(alarm_config).map(([n, { limit_c, minutes }]) =>
    ruleOf(`alarm-${n}`, n === "0" ? "lt" : "gt", limit_c, minutes),
  );
  expect(rules).toHaveLength(2);
  return { id: "fridge-tag", cadence: "PT12H", gap: "PT48H", rules };
}

/**
 * Registers a device by the command line, publishes over MQTT, and reads the excursions when all is judged. On the way:
 * every reading is stored once, and `unbroken judge` says the same of the same rows.
 */
async function published(
  device: string,
  rows: readonly Row[],
  profile: ProfileText,
  inOneMessage: number,
): Promise<readonly Found[]> {
  const file = join(dir, `${device}.json`);
  writeFileSync(file, JSON.stringify(profile));
  const { http, mqtt, token = "" } = server.ready;
  const space = `room-of-${device}`;
  const to = ["--server", http, "--token", token, "--organisation", ORGANISATION];
  const printed = await unbroken(
    ...["device", "add", ...to, "--device", device, "--space", space, "--profile", file],
  );
  const { username, password, topic } = JSON.parse(printed) as Credentials;
  const client = await connectAsync(mqtt, { username, password });
  const messages: string[] = [];
  for (let i = 0; i < rows.length; i += inOneMessage)
    messages.push(JSON.stringify({ readings: rows.slice(i, i + inOneMessage).map(readingOf) }));
  await Promise.all(messages.map((message) => client.publishAsync(topic, message, { qos: 1 })));
  await client.endAsync();
  await storedAll(device, rows);
  const found = (await admin.all(`excursions?organisation=${ORGANISATION}&space=${space}`)).map(
    foundOf,
  );
  expect(found).toEqual(await judgedByCommand(device, rows, file));
  return found;
}

function readingOf({ at, celsius }: Row): unknown {
  return { measured_at: new Date(at).toISOString(), temperature_c: celsius };
}

/** The time series follows the judgements: what it holds is judged. */
async function storedAll(device: string, rows: readonly Row[]): Promise<void> {
  for (let tries = 0; ; tries++) {
    const readings = await admin.all(`readings?organisation=${ORGANISATION}&device=${device}`);
    if (readings.length >= rows.length || tries > 200) {
      expect(
        readings.map(({ measured_at, value }) => [Date.parse(String(measured_at)), value]),
      ).toEqual(rows.map(({ at, celsius }) => [at, celsius]));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function judgedByCommand(
  device: string,
  rows: readonly Row[],
  profile: string,
): Promise<readonly Found[]> {
  const file = join(dir, `${device}.csv`);
  const lines = rows.map(({ at, celsius }) => `${new Date(at).toISOString()},${celsius}`);
  writeFileSync(file, ["measured_at,temperature_c", ...lines, ""].join("\n"));
  const { excursions } = JSON.parse(
    await unbroken("judge", "--profile", profile, "--readings", file),
  ) as { readonly excursions: readonly Readonly<Record<string, unknown>>[] };
  return excursions.map(foundOf);
}

function foundOf(line: Readonly<Record<string, unknown>>): Found {
  const { rule, side, since, until, peak_c, minutes } = line;
  return {
    rule: String(rule),
    side: String(side),
    since: Date.parse(String(since)),
    until: typeof until === "string" ? Date.parse(until) : null,
    peak_c: Number(peak_c),
    minutes: Number(minutes),
  };
}

function minutesApart(a: number | undefined, b: number): number {
  return Math.abs((a ?? Number.NaN) - b);
}

/** Minutes of a day in an excursion that is proven up to `end`. */
function minutesIn(date: string, excursion: Found | undefined, end: number): number {
  const from = Date.parse(`${date}T00:00:00Z`);
  const until = excursion?.until ?? end;
  const since = excursion?.since ?? until;
  return Math.max(0, Math.min(from + DAY, until) - Math.max(from, since)) / MINUTE;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly is: "in" | "low" | "unproven";
}

/** Row by row, from the first to the last: what holds until the next, or nothing where the next comes too late. */
function stretchesOf(rows: readonly Row[], gap: number, limit: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [i, { at: from, celsius }] of rows.entries()) {
    const to = rows[i + 1]?.at;
    if (to === undefined) break;
    const is = to - from > gap ? "unproven" : celsius < limit ? "low" : "in";
    const before = stretches.at(-1);
    if (before?.is === is) stretches[stretches.length - 1] = { ...before, to };
    else stretches.push({ from, to, is });
  }
  return stretches;
}

async function timelineOf(device: string, rows: readonly Row[]): Promise<readonly unknown[]> {
  const from = new Date(rows[0]?.at ?? 0).toISOString();
  const end = rows.at(-1)?.at ?? 0;
  const path = `organisations/${ORGANISATION}/spaces/room-of-${device}/timeline`;
  const { stretches } = (await admin.request(
    "GET",
    `${path}?from=${from}&to=${new Date(end).toISOString()}`,
  )) as {
    readonly stretches: readonly {
      readonly from: string;
      readonly to: string | null;
      readonly class: string;
    }[];
  };
  return stretches.map((stretch) => ({
    from: Date.parse(stretch.from),
    to: stretch.to === null ? end : Date.parse(stretch.to),
    is: stretch.class,
  }));
}
