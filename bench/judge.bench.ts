// How fast the judge is on one core, beside what is asked of it. Each line is the median of its rounds, after one that
// is not counted; the spread beside it says how much the machine was disturbed. --check fails if a line misses its
// mark. Usage: npm run bench:judge -- [--only fold,step,year,index] [--rounds N] [--json FILE] [--check]
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import {
  AccountIndex,
  FAULT,
  accountLaw,
  foldColumns,
  judgeInterval,
  step,
  type IntervalReading,
  type RuleState,
  UNTOUCHED,
  type SensorColumns,
} from "@unbroken/detection";
import { parseProfile, type Profile } from "@unbroken/model";
import { EpochMs, MINUTE, type Milli } from "@unbroken/units";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "7" },
    json: { type: "string" },
    check: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);

const START = 1_767_225_600_000;
const YEAR_MINUTES = 525_600;

const HIGH = { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" };
const LOW = { id: "low", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT60M" };
const MKT = { id: "mkt", quantity: "mkt", cmp: "gt", limit: 8, mode: "window", scope: "PT24H" };

interface Mark {
  readonly name: string;
  /** What is asked, in `unit`: at least so many a second, or at most so many ms. Null where nothing is asked. */
  readonly asked: number | null;
  readonly unit: "million/s" | "ms";
  /** @returns one round's figure, in `unit`. */
  readonly round: () => number;
}

interface Line {
  readonly name: string;
  readonly unit: Mark["unit"];
  readonly asked: number | null;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly met: boolean;
}

const cases: Readonly<Record<string, () => readonly Mark[]>> = {
  fold: foldMarks,
  step: stepMarks,
  year: yearMarks,
  index: indexMarks,
};

const wanted = options.only?.split(",") ?? Object.keys(cases);
const lines: Line[] = [];
for (const name of wanted) {
  const marks = cases[name];
  if (marks === undefined) throw new Error(`no such case: ${name}`);
  for (const mark of marks()) lines.push(measured(mark));
}
report(lines);
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(lines, null, 2));
if (options.check && lines.some(({ met }) => !met)) process.exitCode = 1;

/** All readings of one device after the other. */
function foldMarks(): readonly Mark[] {
  const devices = Array.from({ length: 400 }, (_, i) => columnsOf(`d${i}`, 10_000));
  const law = lawOf(profileWith([HIGH, LOW]));
  const span = { from: EpochMs(START), to: EpochMs(START + 10_000 * MINUTE) };
  let readings = 0;
  const round = (): number => {
    const seconds = secondsOf(() => {
      readings = 0;
      for (const columns of devices) readings += foldColumns(columns, law, span).account.readings;
    });
    if (readings < 3_900_000) throw new Error(`only ${readings} readings were folded`);
    return devices.length / 100 / seconds;
  };
  return [
    { name: "columnar fold, readings, 400 devices in order", asked: 5, unit: "million/s", round },
  ];
}

function stepMarks(): readonly Mark[] {
  const sensors = 100_000;
  const inputs = 2_000_000;
  // Each sensor is heard about every twelve minutes of event time.
  const STEP = 7;
  const [rule] = profileWith([HIGH]).rules;
  if (rule === undefined) throw new Error("no rule");
  const random = randomOf(1);
  const order = Uint32Array.from({ length: inputs }, () => Math.floor(random() * sensors));
  // One sensor of twenty is out for a third of the round, which is longer than the hour that is allowed.
  const values = Int32Array.from(order, (sensor, i) =>
    (sensor + Math.floor((3 * i) / inputs)) % 20 === 0 ? 8_001 : 5_000,
  );
  const names = Array.from({ length: sensors }, (_, i) => `truck-${i}/air`);
  const states = new Map<string, RuleState>(names.map((name) => [name, UNTOUCHED]));
  let time = START;
  let ended = 0;
  const round = (): number => {
    const seconds = secondsOf(() => {
      for (let i = 0; i < inputs; i += 1) {
        const sensor = names[order[i] ?? 0] ?? "";
        const value = (values[i] ?? 0) as Milli;
        const at = (time + STEP * i) as EpochMs;
        const [run, runs] = step(rule, states.get(sensor) ?? UNTOUCHED, {
          at,
          evidence: value > rule.limit ? { class: "out", value, at, sensor } : { class: "in" },
        });
        states.set(sensor, run);
        ended += runs.length;
      }
    });
    time += STEP * inputs;
    if (ended === 0) throw new Error("no run outlasted its allowance");
    return inputs / 1e6 / seconds;
  };
  return [{ name: "step, random order over 100,000 sensors", asked: 1, unit: "million/s", round }];
}

function yearMarks(): readonly Mark[] {
  const readings = readingsOf(columnsOf("probe", YEAR_MINUTES));
  const judge = (name: string, profile: Profile, asked: number | null): Mark => ({
    name,
    asked,
    unit: "ms",
    round: () => {
      const ms =
        1_000 *
        secondsOf(() => {
          if (judgeInterval({ profile, readings }).coverage < 0.5) throw new Error("hardly judged");
        });
      return ms;
    },
  });
  return [
    judge("a year of minutes from cold, two consecutive rules", profileWith([HIGH, LOW]), 1_000),
    judge("the same and MKT over 24 h", profileWith([HIGH, LOW, MKT]), 1_000),
  ];
}

function indexMarks(): readonly Mark[] {
  const law = lawOf(profileWith([HIGH, LOW]));
  const columns = columnsOf("probe", YEAR_MINUTES);
  const random = randomOf(2);
  let index = AccountIndex.ofColumns(columns, law);
  const anyTime = (): number => START + Math.floor(random() * YEAR_MINUTES * MINUTE);
  const query = (): number => {
    const [a, b] = [anyTime(), anyTime()];
    const span = { from: EpochMs(Math.min(a, b)), to: EpochMs(Math.max(a, b)) };
    const ms =
      1_000 *
      secondsOf(() => {
        if (index.query(span).stretch === null) throw new Error("nothing was asked");
      });
    return ms;
  };
  return [
    {
      name: "any interval of a year of minutes, mean of 1,000",
      asked: 1,
      unit: "ms",
      round: () => manyOf(1_000, query).mean,
    },
    {
      name: "the slowest of 1,000",
      asked: null,
      unit: "ms",
      round: () => manyOf(1_000, query).most,
    },
    {
      name: "a late reading into a year of minutes, mean of 200",
      asked: null,
      unit: "ms",
      round: () =>
        manyOf(200, () => {
          const late = {
            sensor: "probe",
            at: Float64Array.of(anyTime()),
            milli: Int32Array.of(8_500),
          };
          return 1_000 * secondsOf(() => (index = index.with(late)));
        }).mean,
    },
    {
      name: "the index of a year of minutes from cold",
      asked: null,
      unit: "ms",
      round: () => 1_000 * secondsOf(() => (index = AccountIndex.ofColumns(columns, law))),
    },
  ];
}

function measured({ name, asked, unit, round }: Mark): Line {
  round();
  const figures = Array.from({ length: rounds }, round).sort((a, b) => a - b);
  const median = figures[Math.floor(figures.length / 2)] ?? Number.NaN;
  const met = asked === null || (unit === "ms" ? median <= asked : median >= asked);
  const [least = Number.NaN] = figures;
  return { name, unit, asked, median, least, most: figures.at(-1) ?? Number.NaN, met };
}

function report(all: readonly Line[]): void {
  console.log(`${cpus()[0]?.model ?? "?"}, Node ${process.version}, ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      all.map(({ name, unit, asked, median, least, most, met }) => [
        name,
        {
          median: shown(median),
          "min – max": `${shown(least)} – ${shown(most)}`,
          unit,
          asked: asked === null ? "" : `${unit === "ms" ? "≤" : "≥"} ${asked}`,
          met: asked === null ? "" : met ? "yes" : "NO",
        },
      ]),
    ),
  );
}

function shown(figure: number): string {
  return figure.toLocaleString("en", { maximumSignificantDigits: 3 });
}

function secondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1_000;
}

function manyOf(
  count: number,
  one: () => number,
): { readonly mean: number; readonly most: number } {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < count; i += 1) {
    const ms = one();
    sum += ms;
    most = Math.max(most, ms);
  }
  return { mean: sum / count, most };
}

/** A reading a minute: days and nights, noise of a tenth, doors, now and then a fault or an hour of silence. */
function columnsOf(sensor: string, minutes: number): SensorColumns {
  const random = randomOf(minutes + sensor.length);
  const at: number[] = [];
  const milli: number[] = [];
  let silentUntil = 0;
  let doorUntil = 0;
  for (let i = 0; i < minutes; i += 1) {
    if (random() < 0.00005) silentUntil = i + 60;
    if (random() < 0.002) doorUntil = i + 20 + Math.floor(random() * 60);
    if (i < silentUntil) continue;
    const day = Math.sin((i / 1_440) * 2 * Math.PI);
    const celsius = 4.5 + day + (random() - 0.5) / 5 + (i < doorUntil ? 4 : 0);
    at.push(START + i * MINUTE);
    milli.push(random() < 0.001 ? FAULT : Math.round(celsius * 100) * 10);
  }
  return { sensor, at: Float64Array.from(at), milli: Int32Array.from(milli) };
}

function readingsOf({ sensor, at, milli }: SensorColumns): readonly IntervalReading[] {
  return Array.from(at, (moment, i) => ({
    sensor,
    at: EpochMs(moment),
    sample:
      milli[i] === FAULT
        ? { kind: "fault", fault: "absent" }
        : { kind: "value", milli: (milli[i] ?? 0) as Milli },
  }));
}

function profileWith(rules: readonly object[]): Profile {
  const parsed = parseProfile({ id: "fridge", cadence: "PT1M", gap: "PT5M", rules }, "bench");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.profile;
}

function lawOf({ rules, gap }: Profile): ReturnType<typeof accountLaw> {
  return accountLaw({ limits: rules, gap });
}

/** Park and Miller's minimal standard generator (CACM 36 (7), 1993): the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
