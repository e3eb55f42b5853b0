import {
  observeClock,
  subjectOf,
  unknownClock,
  type ClockFinding,
  type ClockState,
} from "@unbroken/detection";
import type { OutputReader } from "@unbroken/event-log";
import type { ClockTelling } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import type { CommitDraft } from "./commit-draft.ts";
import { clockFindingsKey, clockRateKey, deviceClockKey } from "./state-keys.ts";

/** Findings of one device that are kept, the latest: a clock that is found out so often is worth no more of them. */
const FINDINGS_MAX = 256;
/** Of no message: later than anything is measured. */
const NOTHING_MEASURED = Number.MAX_SAFE_INTEGER;

/** What one message tells of its device's clock. */
export interface ToldOfClock {
  readonly telling: ClockTelling;
  readonly receivedAt: EpochMs;
  /** The earliest of its times that is the device's and was kept; null if there is none. */
  readonly measuredFrom: EpochMs | null;
}

interface DeviceClock {
  readonly organisation: string;
  readonly device: string;
  state: ClockState;
  /** Sorted by `from`. */
  findings: readonly ClockFinding[];
  /** Those of them for which readings are doubted. */
  certain: readonly ClockFinding[];
  /** Since when by our clock, and the earliest that was measured of all that was received since. */
  since: readonly (readonly [receivedAt: number, measuredFrom: number])[];
}

/** What each message changes, and is written with each. */
type Latest = Omit<ClockState, "rate" | "offset"> & Pick<DeviceClock, "since">;

/** What only a finding changes. */
type Found = Pick<ClockState, "offset"> & Pick<DeviceClock, "findings">;

/**
 * By device: what the arrivals of its messages say of its clock, in the order of the log.
 *
 * This is the one place where the order of arrival decides: a time that was found to be wrong is doubted, and what is
 * found depends on what arrived when. Of a device whose clock is in order nothing is found, in any order.
 */
export class ClockStage {
  readonly #state: Pick<OutputReader, "getState">;
  readonly #partition: number;
  readonly #devices = new Map<string, DeviceClock>();
  readonly #dirty = new Set<DeviceClock>();

  constructor(state: Pick<OutputReader, "getState">, partition: number) {
    this.#state = state;
    this.#partition = partition;
  }

  /** The findings for which readings of a device are doubted. */
  async doubts(organisation: string, device: string): Promise<readonly ClockFinding[]> {
    return (await this.#device(organisation, device)).certain;
  }

  /** @returns from when on readings of the device are to be judged again, for they are doubted now, or no more. */
  async observe(
    organisation: string,
    name: string,
    { telling, receivedAt, measuredFrom }: ToldOfClock,
    judgedAt: EpochMs,
    draft: CommitDraft,
  ): Promise<EpochMs | null> {
    const device = await this.#device(organisation, name);
    const [state, said] = observeClock(device.state, { ...telling, receivedAt });
    const measured = measuredFrom ?? NOTHING_MEASURED;
    const since = sinceWith(device.since, receivedAt, measured);
    if (state.rate !== device.state.rate)
      draft.putJson(clockRateKey(organisation, name), state.rate);
    device.state = state;
    device.since = since.filter(([at]) => at === state.run?.from || at === state.late?.from);
    this.#dirty.add(device);
    if (said.length === 0) return null;
    for (const finding of said) {
      device.findings = withFinding(device.findings, finding);
      draft.judged(organisation, judgedAt, judgementOf(name, finding));
    }
    device.certain = device.findings.filter(({ certain }) => certain);
    const found: Found = { offset: state.offset, findings: device.findings };
    draft.putJson(clockFindingsKey(organisation, name), found);
    const from = Math.min(...said.map((finding) => changedFrom(finding, since)));
    return from >= NOTHING_MEASURED ? null : EpochMs(from);
  }

  flush(draft: CommitDraft): void {
    for (const { organisation, device, state, since } of this.#dirty) {
      const { run, late, newest } = state;
      const latest: Latest = { run, late, newest, since };
      draft.putJson(deviceClockKey(organisation, device), latest);
    }
    this.#dirty.clear();
  }

  async #device(organisation: string, name: string): Promise<DeviceClock> {
    const key = `${organisation}/${name}`;
    const known = this.#devices.get(key);
    if (known !== undefined) return known;
    const latest = await this.#recall<Latest>(deviceClockKey(organisation, name));
    const rate = await this.#recall<ClockState["rate"]>(clockRateKey(organisation, name));
    const found = await this.#recall<Found>(clockFindingsKey(organisation, name));
    const { since = [], ...state } = latest ?? {};
    const { findings, offset } = found ?? { findings: [], offset: null };
    const device: DeviceClock = {
      organisation,
      device: name,
      state: { ...unknownClock, ...state, offset, ...(rate === null ? {} : { rate }) },
      findings,
      certain: findings.filter(({ certain }) => certain),
      since,
    };
    this.#devices.set(key, device);
    return device;
  }

  async #recall<T>(key: string): Promise<T | null> {
    const bytes = await this.#state.getState(this.#partition, key);
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }
}

function sinceWith(
  since: DeviceClock["since"],
  receivedAt: EpochMs,
  measured: number,
): DeviceClock["since"] {
  const all = since.map(([from, earliest]) => [from, Math.min(earliest, measured)] as const);
  return since.at(-1)?.[0] === receivedAt ? all : [...all, [receivedAt, measured]];
}

/** The earliest measured of what is doubted now and was not before, or the other way round. */
function changedFrom(finding: ClockFinding, since: DeviceClock["since"]): number {
  const { certain, from, until, shownTwice } = finding;
  if (!certain || subjectOf(finding) === "rate") return NOTHING_MEASURED;
  if (shownTwice !== null) return shownTwice[0];
  const at = until ?? from;
  // The latest moment that is remembered and not after it: from there on all that it doubts was received.
  return (
    since.findLast(([receivedAt]) => receivedAt <= at)?.[1] ?? since[0]?.[1] ?? NOTHING_MEASURED
  );
}

function withFinding(
  findings: readonly ClockFinding[],
  finding: ClockFinding,
): readonly ClockFinding[] {
  const others = findings.filter(
    (other) => subjectOf(other) !== subjectOf(finding) || other.from !== finding.from,
  );
  const at = others.findLastIndex(({ from }) => from <= finding.from) + 1;
  return [...others.slice(0, at), finding, ...others.slice(at)].slice(-FINDINGS_MAX);
}

function judgementOf(device: string, finding: ClockFinding): Parameters<CommitDraft["judged"]>[2] {
  const { kind: fault, offsetMs, errorMs, certain, from, until } = finding;
  const said = { device, fault, offsetMs, errorMs, certain, from };
  return until === null
    ? { kind: "clock-doubt-opened", ...said }
    : { kind: "clock-doubt-closed", ...said, to: until };
}
