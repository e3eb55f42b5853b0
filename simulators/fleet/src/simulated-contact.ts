import { Outbox } from "./outbox.ts";
import { Prng } from "./prng.ts";
import type { ContactReading, Watched } from "./reading.ts";
import type { ContactPlan, Story } from "./scenario.ts";
import { flushed, type Turn } from "./simulated-device.ts";
import type { SimulatedSpace } from "./simulated-space.ts";

/** A contact that says what it watches when that changes, and as a heartbeat. */
export class SimulatedContact {
  readonly outbox: Outbox;
  private readonly plan: ContactPlan;
  private readonly gaps: readonly Story[];
  private readonly space: SimulatedSpace;
  private readonly start: number;
  private readonly skewMs: number;
  private readonly driftPpm: number;
  private said: ContactReading["states"] | null = null;
  private heartbeatAt: number;
  private seq = 0;

  /** @param start the moment from which stories count; @param begin when it wakes; epoch ms. */
  constructor(
    plan: ContactPlan,
    stories: readonly Story[],
    space: SimulatedSpace,
    seed: number,
    { start, begin }: { readonly start: number; readonly begin: number },
  ) {
    this.plan = plan;
    this.gaps = stories.filter(
      (story) => story.kind === "radio-gap" && story.device === plan.device,
    );
    this.space = space;
    this.start = start;
    this.outbox = new Outbox(plan.radio.order);
    const prng = Prng.ofStream(seed, `contact:${plan.device}`);
    this.skewMs = prng.between(...plan.clock.skewMs);
    this.driftPpm = prng.between(...plan.clock.driftPpm);
    this.heartbeatAt = begin;
  }

  /** Looks at its space, which has come to `at`; null unless there was something to say. */
  advance(at: number): Turn | null {
    const states = this.watched();
    if (!this.isNews(states) && at < this.heartbeatAt) return null;
    this.said = states;
    this.heartbeatAt = at + this.plan.heartbeat;
    this.outbox.push(this.readingAt(at, states));
    const offset = at - this.start;
    const hasRadio = !this.gaps.some((gap) => offset >= gap.at && offset < gap.at + gap.lasts);
    return {
      device: this.plan.device,
      at,
      hasRadio,
      messages: hasRadio ? this.outbox.take() : [],
    };
  }

  /** Hands over all that is stored, whatever the radio. */
  flush(at: number): readonly Turn[] {
    return flushed(this.plan.device, this.outbox, at);
  }

  private watched(): ContactReading["states"] {
    const { isDoorOpen, isDefrosting, hasSupply } = this.space;
    const all: Readonly<Record<Watched, boolean>> = {
      door: isDoorOpen,
      defrost: isDefrosting,
      power: hasSupply,
    };
    return Object.fromEntries(this.plan.watches.map((watched) => [watched, all[watched]]));
  }

  private isNews(states: ContactReading["states"]): boolean {
    const { said } = this;
    return said === null || this.plan.watches.some((watched) => said[watched] !== states[watched]);
  }

  private readingAt(at: number, states: ContactReading["states"]): ContactReading {
    this.seq += 1;
    const shown = at + this.skewMs + (this.driftPpm * (at - this.start)) / 1_000_000;
    return { measuredAt: Math.floor(shown / 1_000) * 1_000, states, boot: 1, seq: this.seq };
  }
}
