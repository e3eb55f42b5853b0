import { ProfileDocument, profileOf, type Json, type Rule, type Side } from "@unbroken/model";
import { EpochMs, formatIsoTime } from "@unbroken/units";
import type { Scenario, SpacePlan } from "./scenario.ts";

/**
 * What a right judge must find, by a judge of the simulator's own: no incremental state, no cleverness, and nothing
 * shared with the detection that it is there to check. It reads the delivered messages as anyone could, sorts the samples
 * of each sensor by their own times, and walks the stretches between all moments at which any sensor of the
 * space said something.
 *
 * The law: a sample holds until the sensor's next one if that comes within the gap; else, and after the last one,
 * nothing is proven from the sample on. A fault proves nothing. Sensors of a space: out before unproven before
 * in. Consecutive: out without interruption for at least the hold. Instant: any sample that is out.
 *
 * Rules that ask for more than that, an allowance or another quantity, are none of its business: labels say what is
 * to come of those.
 */
export type Truth = ExcursionTruth | UnprovenTruth;

export interface ExcursionTruth {
  readonly organisation: string;
  readonly space: string;
  readonly rule: string;
  readonly side: Side;
  /** RFC 3339. `until` is null if it lasts at the end of the scenario. */
  readonly since: string;
  readonly until: string | null;
  /** Proven out of range, to three places. */
  readonly minutes: number;
  /** The worst sample. */
  readonly peak_c: number;
}

/** One line for each space. */
export interface UnprovenTruth {
  readonly organisation: string;
  readonly space: string;
  /** No rule is proven broken and at least one sensor proves nothing; to three places. */
  readonly unproven_minutes: number;
}

export interface Sample {
  readonly at: number;
  /** m°C; null is a fault. */
  readonly milli: number | null;
}

export interface TruthInput {
  readonly scenario: Scenario;
  readonly messages: readonly { readonly topic: string; readonly payload: Json }[];
  /** What is judged: `[start, end)`, as of `end`. Epoch ms. */
  readonly start: number;
  readonly end: number;
}

export function truthOf(input: TruthInput): readonly Truth[] {
  const samples = samplesByDevice(input.messages);
  return input.scenario.spaces.flatMap((space) => truthOfSpace(input, space, samples));
}

function truthOfSpace(
  { scenario, start, end }: TruthInput,
  { space, profile: profileId }: SpacePlan,
  samples: ReadonlyMap<string, readonly Sample[]>,
): readonly Truth[] {
  const { organisation } = scenario;
  const document = scenario.profiles.find((profile) => profile.id === profileId);
  const profile = profileOf(ProfileDocument.parse(document), "");
  const rules = profile.rules.filter(isPlain);
  const sensors = scenario.devices
    .filter((device) => device.space === space)
    .map(({ device }) => samples.get(device) ?? []);
  const stretches = stretchesOf(sensors, profile.gap, start, end);
  const excursions = rules
    .flatMap((rule) => runsOf(stretches, rule).map((run) => ({ rule, run })))
    .map(({ rule, run }): ExcursionTruth => ({
      organisation,
      space,
      rule: rule.id,
      side: rule.side,
      since: formatIsoTime(EpochMs(run.since)),
      until: run.until === end ? null : formatIsoTime(EpochMs(run.until)),
      minutes: minutesOf(run.until - run.since),
      peak_c: run.peak / 1_000,
    }))
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  const unproven = stretches
    .filter(
      ({ values }) =>
        values.some((value) => value === null) &&
        !rules.some((rule) => values.some((value) => isOut(rule, value))),
    )
    .reduce((sum, { from, to }) => sum + to - from, 0);
  return [...excursions, { organisation, space, unproven_minutes: minutesOf(unproven) }];
}

/** Whether the law above is all that the rule asks for. */
function isPlain(rule: Rule): boolean {
  const { quantity, mode, hold, hysteresis, clear, phases, allowances, schedule } = rule;
  const isTimed = mode === "consecutive" || (mode === "instant" && hold === 0);
  const endsAtOnce = hysteresis === 0 && clear === 0;
  return (
    quantity === "air" &&
    isTimed &&
    endsAtOnce &&
    phases === null &&
    allowances.length === 0 &&
    schedule === null
  );
}

/** A stretch in which no sensor of the space says anything new. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** What each sensor proves of it, in m°C; null proves nothing. A space without sensors has one null. */
  readonly values: readonly (number | null)[];
  /** What sensors said at the very moment `from`, though it may hold no longer than that. */
  readonly said: readonly number[];
}

function stretchesOf(
  sensors: readonly (readonly Sample[])[],
  gap: number,
  start: number,
  end: number,
): readonly Stretch[] {
  const moments = [start, ...sensors.flat().map((sample) => sample.at), end]
    .filter((at) => at >= start && at <= end)
    .sort((a, b) => a - b)
    .filter((at, i, all) => at !== all[i - 1]);
  const cursors = sensors.map((samples) => ({ samples, next: 0 }));
  return moments.slice(0, -1).map((from, i) => {
    const to = moments[i + 1] ?? end;
    const said: number[] = [];
    const values = cursors.map((cursor) => {
      while ((cursor.samples[cursor.next]?.at ?? Number.POSITIVE_INFINITY) <= from)
        cursor.next += 1;
      const last = cursor.samples[cursor.next - 1];
      if (last === undefined) return null;
      if (last.at === from && last.milli !== null) said.push(last.milli);
      // Later samples are not known as of `end`.
      const heldUntil = Math.min(cursor.samples[cursor.next]?.at ?? end, end);
      return heldUntil - last.at <= gap ? last.milli : null;
    });
    return { from, to, values: values.length === 0 ? [null] : values, said };
  });
}

interface Run {
  readonly since: number;
  readonly until: number;
  readonly peak: number;
}

/** Longest stretches of time out of range that reach the rule's hold, in order. */
function runsOf(stretches: readonly Stretch[], rule: Rule): readonly Run[] {
  const runs: Run[] = [];
  let since: number | null = null;
  let until = Number.NEGATIVE_INFINITY;
  let outside: number[] = [];
  const close = (): void => {
    if (since !== null && until - since >= rule.hold)
      runs.push({ since, until, peak: worst(rule.side, outside) });
    since = null;
    outside = [];
  };
  for (const { from, to, values, said } of stretches) {
    const proven = values.filter((value) => isOut(rule, value));
    const momentary = said.filter((value) => isOut(rule, value));
    if (proven.length > 0 || momentary.length > 0) {
      since ??= from;
      until = from;
      outside.push(...[...proven, ...momentary].filter((value) => value !== null));
    }
    if (proven.length > 0) until = to;
    else close();
  }
  close();
  return runs;
}

function isOut(rule: Rule, milli: number | null): boolean {
  if (milli === null) return false;
  switch (rule.comparison) {
    case "gt":
      return milli > rule.limit;
    case "ge":
      return milli >= rule.limit;
    case "lt":
      return milli < rule.limit;
    case "le":
      return milli <= rule.limit;
  }
}

function worst(side: Side, values: readonly number[]): number {
  return values.reduce((a, b) => (side === "high" ? Math.max(a, b) : Math.min(a, b)));
}

function minutesOf(ms: number): number {
  return Math.round(ms / 60) / 1_000;
}

/** The samples of each device, by their own times; what was sent twice counts once. */
export function samplesByDevice(
  messages: TruthInput["messages"],
): ReadonlyMap<string, readonly Sample[]> {
  const byDevice = new Map<string, Map<number, number | null>>();
  for (const { topic, payload } of messages) {
    const device = topic.split("/")[3] ?? "";
    const samples = byDevice.get(device) ?? new Map<number, number | null>();
    byDevice.set(device, samples);
    for (const { at, milli } of readingsIn(payload)) samples.set(at, milli);
  }
  return new Map(
    [...byDevice].map(([device, samples]) => [
      device,
      [...samples].map(([at, milli]) => ({ at, milli })).sort((a, b) => a.at - b.at),
    ]),
  );
}

interface PayloadReading {
  readonly measured_at: string | number;
  /** Contacts have none to tell. */
  readonly temperature_c?: number | null;
}

function readingsIn(payload: Json): readonly Sample[] {
  const batch = payload as unknown as { readonly readings?: readonly PayloadReading[] };
  const readings = batch.readings ?? [payload as unknown as PayloadReading];
  return readings.flatMap(({ measured_at: at, temperature_c: celsius }) =>
    celsius === undefined
      ? []
      : [
          {
            at: typeof at === "number" ? at : Date.parse(at),
            milli: celsius === null ? null : Math.round(celsius * 1_000),
          },
        ],
  );
}
