import {
  noValueOf,
  stuckFrom,
  type Neighbour,
  type SameValues,
  type TimedSample,
} from "@unbroken/detection";
import type { OutputReader } from "@unbroken/event-log";
import { keyOf, type FaultKind, type FaultRules, type Quantity } from "@unbroken/model";
import { EpochMs, type Milli } from "@unbroken/units";
import type { CommitDraft } from "./commit-draft.ts";
import { foundFaultsKey } from "./state-keys.ts";

/** What was said of a sensor in a space. */
interface Found {
  readonly open: { readonly kind: FaultKind; readonly from: EpochMs } | null;
  /** The latest impossible step that was said; 0 for none. */
  readonly stepAt: number;
}

type BySensor = Readonly<Record<string, Found>>;

const nothingFound: Found = { open: null, stepAt: 0 };

/** What there is to look for in a space, and where. */
export interface Searched {
  readonly organisation: string;
  readonly space: string;
  readonly rules: FaultRules;
  /** Sensors that stand in it now. */
  readonly sensors: readonly string[];
  /** What its judge knows of values that stay the same. */
  readonly same: SameValues | undefined;
}

interface FoundFaultsDeps {
  readonly state: Pick<OutputReader, "getState">;
  readonly partition: number;
  readonly historyOf: (
    organisation: string,
    sensor: string,
    quantity: Quantity,
    from: EpochMs,
  ) => Promise<readonly TimedSample[]>;
}

/**
 * Says of a probe that a profile's fault rules take its values for none, as of its newest reading: what the judge then
 * leaves unproven, in any order of arrival, is not told by it but by the timeline.
 */
export class FoundFaults {
  readonly #deps: FoundFaultsDeps;
  readonly #found = new Map<string, BySensor>();

  constructor(deps: FoundFaultsDeps) {
    this.#deps = deps;
  }

  async look(searched: Searched, judgedAt: EpochMs, draft: CommitDraft): Promise<void> {
    const { organisation, space, rules, sensors } = searched;
    const before = await this.#foundIn(organisation, space);
    const isNothingAsked =
      rules.sentinels.length === 0 && rules.step === null && rules.stuck === null;
    // What another profile found ends with it.
    if (isNothingAsked && Object.values(before).every(({ open }) => open === null)) return;
    const now: Record<string, Found> = { ...before };
    let isNew = false;
    for (const sensor of sensors) {
      const last = await this.#lastInstants(organisation, sensor, rules);
      if (last === null) continue;
      const known = before[sensor] ?? nothingFound;
      const found = foundOf(sensor, last, known, searched);
      if (found === known) continue;
      isNew = true;
      now[sensor] = found;
      say(organisation, sensor, known, found, last.newest.at, judgedAt, draft);
    }
    if (!isNew) return;
    this.#found.set(keyOf(organisation, space), now);
    draft.putJson(foundFaultsKey(organisation, space), now);
  }

  async #foundIn(organisation: string, space: string): Promise<BySensor> {
    const key = keyOf(organisation, space);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const { state, partition } = this.#deps;
    const bytes = await state.getState(partition, foundFaultsKey(organisation, space));
    const found = bytes === null ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as BySensor);
    this.#found.set(key, found);
    return found;
  }

  async #lastInstants(
    organisation: string,
    sensor: string,
    { step }: FaultRules,
  ): Promise<LastInstants | null> {
    const { historyOf } = this.#deps;
    const [newest] = await historyOf(organisation, sensor, "temperature", END_OF_TIME);
    if (newest === undefined) return null;
    const reach = step === null ? 0 : 2 * step.within;
    const from = EpochMs(newest.at - reach);
    const instants = instantsOf(await historyOf(organisation, sensor, "temperature", from));
    const last = instants.at(-1);
    return last === undefined
      ? null
      : { newest: last, middle: instants.at(-2) ?? null, oldest: instants.at(-3) ?? null };
  }
}

/** Later than anything is measured. */
const END_OF_TIME = EpochMs(8.64e15);

interface Instant {
  readonly at: EpochMs;
  readonly samples: readonly TimedSample[];
}

interface LastInstants {
  readonly newest: Instant;
  readonly middle: Instant | null;
  readonly oldest: Instant | null;
}

function instantsOf(samples: readonly TimedSample[]): readonly Instant[] {
  const instants: { readonly at: EpochMs; readonly samples: TimedSample[] }[] = [];
  for (const sample of samples) {
    const last = instants.at(-1);
    if (last?.at === sample.at) last.samples.push(sample);
    else instants.push({ at: sample.at, samples: [sample] });
  }
  return instants;
}

function foundOf(sensor: string, last: LastInstants, known: Found, searched: Searched): Found {
  const { rules } = searched;
  const open = stuckNow(sensor, last.newest, searched) ?? sentinelNow(last.newest, rules);
  const stepAt = stepNow(last, rules) ?? known.stepAt;
  const isSame = open?.kind === known.open?.kind;
  if (isSame && stepAt <= known.stepAt) return known;
  return { open: isSame ? known.open : open, stepAt: Math.max(stepAt, known.stepAt) };
}

function stuckNow(
  sensor: string,
  { at, samples }: Instant,
  { rules, same }: Searched,
): Found["open"] {
  const run = same?.[sensor];
  if (rules.stuck === null || same === undefined || run === undefined) return null;
  // What the judge has settled lags behind the newest reading: it may say something else already.
  if (!valuesOf(samples).every((value) => value === run.value)) return null;
  const from = stuckFrom(same, rules.stuck, sensor);
  return from === null || from > at ? null : { kind: "stuck", from };
}

function sentinelNow({ at, samples }: Instant, { sentinels }: FaultRules): Found["open"] {
  const values = valuesOf(samples);
  if (values.length === 0 || !values.every((value) => sentinels.includes(value))) return null;
  return { kind: "sentinel", from: at };
}

/** An impossible step is known by the reading after it. */
function stepNow({ newest, middle, oldest }: LastInstants, rules: FaultRules): number | null {
  if (middle === null || oldest === null) return null;
  const [before, after] = [neighbourOf(oldest), neighbourOf(newest)];
  const isStep = middle.samples.some(
    (sample) => noValueOf(rules, before, sample, after) === "impossible-step",
  );
  return isStep ? middle.at : null;
}

function neighbourOf({ at, samples }: Instant): Neighbour {
  const values = valuesOf(samples);
  if (values.length === 0) return { at, lowest: null, highest: null };
  const least = values.reduce((a, b) => (b < a ? b : a));
  return { at, lowest: least, highest: values.reduce((a, b) => (b > a ? b : a)) };
}

function valuesOf(samples: readonly TimedSample[]): readonly Milli[] {
  return samples.flatMap(({ sample, clock }) =>
    sample.kind === "value" && clock === undefined ? [sample.milli] : [],
  );
}

function say(
  organisation: string,
  sensor: string,
  before: Found,
  now: Found,
  at: EpochMs,
  judgedAt: EpochMs,
  draft: CommitDraft,
): void {
  if (now.stepAt > before.stepAt) {
    const step = { sensor, fault: "impossible-step", from: now.stepAt } as const;
    draft.judged(organisation, judgedAt, { kind: "fault-opened", ...step });
    draft.judged(organisation, judgedAt, { kind: "fault-closed", ...step, to: at });
  }
  if (now.open?.kind === before.open?.kind) return;
  if (before.open !== null) {
    const { kind: fault, from } = before.open;
    draft.judged(organisation, judgedAt, { kind: "fault-closed", sensor, fault, from, to: at });
  }
  if (now.open !== null) {
    const { kind: fault, from } = now.open;
    draft.judged(organisation, judgedAt, { kind: "fault-opened", sensor, fault, from });
  }
}
