import { Outbox } from "./outbox.ts";
import { Probe, type ProbeFault } from "./probe.ts";
import { Prng } from "./prng.ts";
import type { SimulatedReading } from "./reading.ts";
import type { DevicePlan, Story } from "./scenario.ts";
import type { SimulatedSpace } from "./simulated-space.ts";

/** What a device did when it woke to take a sample. */
export interface Turn {
  readonly device: string;
  /** True time of the sample, epoch ms. */
  readonly at: number;
  readonly hasRadio: boolean;
  /** What it sends, in this order; nothing without radio. */
  readonly messages: readonly (readonly SimulatedReading[])[];
}

export interface Cadences {
  /** The moment from which stories count and the plan's cadence holds, epoch ms. */
  readonly start: number;
  readonly begin: number;
  /** How often samples are taken between `begin` and `start`, in ms. */
  readonly historyCadence: number;
}

/** Devices do not all wake in the same second. */
const PHASE_MS_MAX = 10_000;
/** Resolution of the humidity, in thousandths of %RH. */
const HUMIDITY_STEP_MILLI = 500;
/** The battery is reported with every so many samples, and each sample takes this share of it, in %. */
const BATTERY_EVERY = 60;
const BATTERY_PER_SAMPLE_PCT = 0.001;

/** One device with its probe, clock, counter and outbox. */
export class SimulatedDevice {
  readonly outbox: Outbox;
  private readonly plan: DevicePlan;
  private readonly stories: readonly Story[];
  private readonly space: SimulatedSpace;
  private readonly cadences: Cadences;
  private readonly probe: Probe;
  private readonly prng: Prng;
  private readonly phase: number;
  private readonly skewMs: number;
  private readonly driftPpm: number;
  private dueAt: number;
  private wakeAt: number;
  private radioDownUntil = Number.NEGATIVE_INFINITY;
  private batteryPct: number;
  private seq = 0;
  private boot = 1;
  private reboots = 0;

  constructor(
    plan: DevicePlan,
    stories: readonly Story[],
    space: SimulatedSpace,
    seed: number,
    cadences: Cadences,
  ) {
    this.plan = plan;
    this.stories = stories.filter((story) => "device" in story && story.device === plan.device);
    this.space = space;
    this.cadences = cadences;
    this.outbox = new Outbox(plan.radio.order);
    this.probe = new Probe(plan.probe, space.airC, Prng.ofStream(seed, `probe:${plan.device}`));
    this.prng = Prng.ofStream(seed, `device:${plan.device}`);
    this.phase = Math.floor(this.prng.unit() * Math.min(PHASE_MS_MAX, plan.cadence));
    this.skewMs = this.prng.between(...plan.clock.skewMs);
    this.driftPpm = this.prng.between(...plan.clock.driftPpm);
    this.batteryPct = this.prng.between(60, 100);
    this.dueAt = cadences.begin + this.phase;
    this.wakeAt = this.dueAt;
  }

  /** Goes from `at` to `at` + `stepS`, after its space did; null unless it woke in between. */
  advance(at: number, stepS: number): Turn | null {
    this.probe.settle(this.space.airC, stepS);
    this.dropRadio(at, stepS);
    if (this.wakeAt >= at + stepS * 1_000) return null;
    const woke = this.wakeAt;
    this.scheduleNext();
    return this.turn(woke);
  }

  /** Hands over all that is stored, whatever the radio. */
  flush(at: number): readonly Turn[] {
    return flushed(this.plan.device, this.outbox, at);
  }

  private turn(at: number): Turn | null {
    if (this.told(at, "power-cut").length > 0) return null;
    this.restart(at);
    const [fault] = this.told(at, "probe-fault");
    this.outbox.push(this.readingAt(at, fault?.kind === "probe-fault" ? fault.fault : null));
    const hasRadio = at >= this.radioDownUntil && this.told(at, "radio-gap").length === 0;
    const messages = hasRadio ? this.outbox.take() : [];
    return { device: this.plan.device, at, hasRadio, messages };
  }

  private readingAt(at: number, fault: ProbeFault | null): SimulatedReading {
    const { start } = this.cadences;
    const shown = at + this.skewMs + (this.driftPpm * (at - start)) / 1_000_000;
    const humidity = Math.round((this.space.humidityPct * 1_000) / HUMIDITY_STEP_MILLI);
    this.seq += 1;
    this.batteryPct = Math.max(0, this.batteryPct - BATTERY_PER_SAMPLE_PCT);
    const showsBattery = this.plan.power === "battery" && this.seq % BATTERY_EVERY === 1;
    return {
      measuredAt: Math.floor(shown / 1_000) * 1_000,
      milli: this.probe.sample(fault),
      humidityMilli: this.plan.measuresHumidity ? humidity * HUMIDITY_STEP_MILLI : null,
      batteryMilli: showsBattery ? Math.round(this.batteryPct) * 1_000 : null,
      boot: this.boot,
      seq: this.seq,
    };
  }

  /** A reboot begins a new epoch of the counter; what was stored stays, for it lies in flash. */
  private restart(at: number): void {
    const reboots = this.stories.filter(
      (story) => story.kind === "reboot" && at >= this.cadences.start + story.at,
    ).length;
    if (reboots === this.reboots) return;
    this.reboots = reboots;
    this.boot += 1;
    this.seq = 0;
  }

  private told(at: number, kind: Story["kind"]): readonly Story[] {
    const offset = at - this.cadences.start;
    return this.stories.filter(
      (story) => story.kind === kind && offset >= story.at && offset < story.at + story.lasts,
    );
  }

  private dropRadio(at: number, stepS: number): void {
    const { dropsPerHour, dropS } = this.plan.radio;
    if (dropsPerHour === 0 || at < this.radioDownUntil) return;
    if (this.prng.chance((dropsPerHour * stepS) / 3_600))
      this.radioDownUntil = at + this.prng.between(...dropS) * 1_000;
  }

  private scheduleNext(): void {
    const { start, historyCadence } = this.cadences;
    const first = start + this.phase;
    if (this.dueAt >= first) this.dueAt += this.plan.cadence;
    else this.dueAt = Math.min(this.dueAt + historyCadence, first);
    this.wakeAt = this.dueAt + Math.round(this.prng.between(-1, 1) * this.plan.jitter);
  }
}

/** Hands over all that an outbox holds, whatever the radio. */
export function flushed(device: string, outbox: Outbox, at: number): readonly Turn[] {
  const turns: Turn[] = [];
  while (outbox.size > 0) turns.push({ device, at, hasRadio: true, messages: outbox.take() });
  return turns;
}
