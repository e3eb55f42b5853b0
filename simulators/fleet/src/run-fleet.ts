import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { upTopic } from "@unbroken/model";
import { DeviceLink, type Credentials } from "./device-link.ts";
import { batchesOf } from "./outbox.ts";
import { Prng } from "./prng.ts";
import type { SimulatedReading } from "./reading.ts";
import { sendersOf, type Scenario, type SenderPlan } from "./scenario.ts";
import type { Turn } from "./simulated-device.ts";
import { Simulation } from "./simulation.ts";

export interface FleetRun {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The broker: `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  readonly ca?: string;
  readonly credentials: (device: SenderPlan) => Credentials | Promise<Credentials>;
  /** Ends the run at once; what was not acknowledged stays so. */
  readonly signal: AbortSignal;
  /** The moment from which stories count, epoch ms; now unless given. Simulated time never passes the present. */
  readonly start?: number;
  /** Simulated seconds in a second; 1 unless given. With more, `start` lies in the past, or it soon meets the present. */
  readonly speed?: number;
  /** In simulated ms; without end unless given. Then the outboxes are emptied and acknowledgements waited for. */
  readonly lasts?: number;
  /** What came before `start`, handed over first as a backlog, so that curves are full at once. In ms. */
  readonly history?: { readonly lasts: number; readonly cadence: number };
  /** About once a second, and at the end. */
  readonly onProgress?: (progress: FleetProgress) => void;
  /** For a ledger: each message whose PUBACK came, by device. Once for each, though it may have been sent more often. */
  readonly onAcked?: (device: string, readings: readonly SimulatedReading[]) => void;
  /** A connection that failed or was refused; it is tried again. */
  readonly onError?: (device: string, error: Error) => void;
}

export interface FleetProgress {
  readonly phase: "history" | "live" | "ended";
  /** Simulated time, epoch ms. */
  readonly at: number;
  readonly devices: number;
  readonly connected: number;
  /** Readings acknowledged, waiting, and dropped because a memory was full. */
  readonly acked: number;
  readonly pending: number;
  readonly dropped: number;
}

const TICK_MS = 200;
const PROGRESS_MS = 1_000;
/** Readings in one message of the history. */
const HISTORY_BATCH = 500;
/** Simulated time that is computed before others get the thread. */
const SLICE_MS = 3_600_000;

/** Plays a scenario over real MQTT, one connection for each device, until it ends or is told to stop. */
export async function runFleet(run: FleetRun): Promise<FleetProgress> {
  const fleet = new LiveFleet(run, await linksOf(run));
  try {
    await fleet.play();
  } finally {
    await fleet.close();
  }
  return fleet.progress("ended");
}

interface Counter {
  acked: number;
}

interface Links {
  readonly byDevice: ReadonlyMap<string, DeviceLink>;
  readonly counter: Counter;
}

async function linksOf(run: FleetRun): Promise<Links> {
  const { scenario, seed, url, ca } = run;
  const counter: Counter = { acked: 0 };
  const byDevice = new Map<string, DeviceLink>();
  for (const plan of sendersOf(scenario)) {
    const { device, timeFormat } = plan;
    const link = new DeviceLink({
      url,
      ...(ca === undefined ? {} : { ca }),
      credentials: await run.credentials(plan),
      topic: upTopic(scenario.organisation, device),
      timeFormat,
      prng: Prng.ofStream(seed, `link:${device}`),
      onAcked: (readings) => {
        counter.acked += readings.length;
        run.onAcked?.(device, readings);
      },
      onError: (error) => run.onError?.(device, error),
    });
    byDevice.set(device, link);
  }
  return { byDevice, counter };
}

class LiveFleet {
  private readonly run: FleetRun;
  private readonly links: Links;
  private readonly start: number;
  private readonly begun: number;
  private readonly simulation: Simulation;
  private at: number;
  private toldAt = 0;

  constructor(run: FleetRun, links: Links) {
    this.run = run;
    this.links = links;
    this.begun = Date.now();
    this.start = run.start ?? Math.floor(this.begun / 1_000) * 1_000;
    const { seed, history } = run;
    this.at = this.start - (history?.lasts ?? 0);
    this.simulation = new Simulation(run.scenario, {
      seed,
      start: this.start,
      ...(history === undefined ? {} : { history }),
    });
  }

  async play(): Promise<void> {
    for (const link of this.links.byDevice.values()) link.up();
    await this.playHistory();
    const end =
      this.run.lasts === undefined ? Number.POSITIVE_INFINITY : this.start + this.run.lasts;
    while (!this.isStopped && this.at < end) {
      await this.advance(Math.min(this.present(), end));
      this.tell("live");
      await this.wait();
    }
    this.send(this.simulation.flush());
    while (!this.isStopped && this.pending > 0) {
      this.tell("live");
      await this.wait();
    }
  }

  async close(): Promise<void> {
    const links = [...this.links.byDevice.values()];
    if (this.isStopped) for (const link of links) link.down();
    else await Promise.all(links.map((link) => link.close()));
    this.run.onProgress?.(this.progress("ended"));
  }

  progress(phase: FleetProgress["phase"]): FleetProgress {
    const links = [...this.links.byDevice.values()];
    return {
      phase,
      at: this.at,
      devices: links.length,
      connected: links.filter((link) => link.isConnected).length,
      acked: this.links.counter.acked,
      pending: this.pending,
      dropped: links.reduce((sum, link) => sum + link.dropped, this.simulation.dropped),
    };
  }

  private get pending(): number {
    return [...this.links.byDevice.values()].reduce((sum, link) => sum + link.pending, 0);
  }

  private get isStopped(): boolean {
    return this.run.signal.aborted;
  }

  /** Where simulated time may be by now: it runs at its speed, but never ahead of real time. */
  private present(): number {
    const now = Date.now();
    return Math.min(now, this.start + (now - this.begun) * (this.run.speed ?? 1));
  }

  private async playHistory(): Promise<void> {
    const readings = new Map<string, SimulatedReading[]>();
    while (!this.isStopped && this.at < this.start) {
      this.at = Math.min(this.start, this.at + SLICE_MS);
      for (const { device, messages } of this.simulation.advance(this.at)) {
        const sofar = readings.get(device) ?? [];
        readings.set(device, sofar);
        sofar.push(...messages.flat());
      }
      this.tell("history");
      await nextTurn();
    }
    for (const [device, all] of readings)
      for (const batch of batchesOf(all, HISTORY_BATCH))
        this.links.byDevice.get(device)?.send(batch);
  }

  private async advance(until: number): Promise<void> {
    while (!this.isStopped && this.at < until) {
      this.at = Math.min(until, this.at + SLICE_MS);
      this.send(this.simulation.advance(this.at));
      await nextTurn();
    }
  }

  private send(turns: readonly Turn[]): void {
    for (const { device, hasRadio, messages } of turns) {
      const link = this.links.byDevice.get(device);
      if (hasRadio) link?.up();
      else link?.down();
      for (const readings of messages) link?.send(readings);
    }
  }

  private tell(phase: FleetProgress["phase"]): void {
    const now = Date.now();
    if (now - this.toldAt < PROGRESS_MS) return;
    this.toldAt = now;
    this.run.onProgress?.(this.progress(phase));
  }

  private async wait(): Promise<void> {
    try {
      await pause(TICK_MS, undefined, { signal: this.run.signal });
    } catch {
      // Told to stop: the loops look at the signal themselves.
    }
  }
}
