import { ProfileDocument, profileOf } from "@unbroken/model";
import type { Scenario, SenderPlan } from "./scenario.ts";
import { SimulatedContact } from "./simulated-contact.ts";
import { SimulatedDevice, type Turn } from "./simulated-device.ts";
import { SimulatedSpace } from "./simulated-space.ts";
import type { SpaceLife } from "./space-life.ts";

export interface SimulationSpan {
  readonly seed: number;
  /** The moment from which stories count, epoch ms. */
  readonly start: number;
  /** What came before `start`, at a coarser cadence (within the gap of every profile) and with steps of 5 s; in ms. */
  readonly history?: { readonly lasts: number; readonly cadence: number };
}

const HISTORY_STEP_S = 5;

/** A scenario on its way through simulated time. The same seed and span give the same turns, however they are cut. */
export class Simulation {
  private readonly scenario: Scenario;
  private readonly start: number;
  private readonly spaces: readonly SimulatedSpace[];
  private readonly devices: readonly SimulatedDevice[];
  private readonly contacts: readonly SimulatedContact[];
  /** What truly happened so far, by space. */
  readonly lives: ReadonlyMap<string, SpaceLife>;
  private at: number;

  constructor(scenario: Scenario, { seed, start, history }: SimulationSpan) {
    if (history !== undefined) checkCadence(scenario, history.cadence);
    this.scenario = scenario;
    this.start = start;
    this.at = start - (history?.lasts ?? 0);
    const cadences = { start, begin: this.at, historyCadence: history?.cadence ?? 0 };
    const { stories } = scenario;
    const spaces = new Map(
      scenario.spaces.map((plan) => [plan.space, new SimulatedSpace(plan, stories, seed, start)]),
    );
    const spaceOf = ({ device, space }: SenderPlan): SimulatedSpace => {
      const found = spaces.get(space);
      if (found === undefined) throw new RangeError(`${device} is in no space of the scenario`);
      return found;
    };
    this.spaces = [...spaces.values()];
    this.lives = new Map([...spaces].map(([name, { life }]) => [name, life]));
    this.devices = scenario.devices.map(
      (plan) => new SimulatedDevice(plan, stories, spaceOf(plan), seed, cadences),
    );
    this.contacts = (scenario.contacts ?? []).map(
      (plan) => new SimulatedContact(plan, stories, spaceOf(plan), seed, cadences),
    );
  }

  /** Readings that devices dropped because their memory was full. */
  get dropped(): number {
    return [...this.devices, ...this.contacts].reduce((sum, { outbox }) => sum + outbox.dropped, 0);
  }

  /** Goes on by whole steps as long as they end at or before `until`; returns what devices did, in steps' order. */
  advance(until: number): readonly Turn[] {
    const turns: Turn[] = [];
    for (;;) {
      const stepS =
        this.at < this.start
          ? Math.min(HISTORY_STEP_S, (this.start - this.at) / 1_000)
          : this.scenario.stepS;
      if (this.at + stepS * 1_000 > until) return turns;
      for (const space of this.spaces) space.advance(this.at, stepS);
      for (const device of this.devices) {
        const turn = device.advance(this.at, stepS);
        if (turn !== null) turns.push(turn);
      }
      for (const contact of this.contacts) {
        const turn = contact.advance(this.at);
        if (turn !== null) turns.push(turn);
      }
      this.at += stepS * 1_000;
    }
  }

  /** What is still in the outboxes at the end, as if every radio came back. */
  flush(): readonly Turn[] {
    return [...this.devices, ...this.contacts].flatMap((sender) => sender.flush(this.at));
  }
}

/** @throws RangeError if a history so coarse would be silence, and so prove nothing, by one of the profiles. */
function checkCadence(scenario: Scenario, cadence: number): void {
  for (const document of scenario.profiles) {
    const { id, gap } = profileOf(ProfileDocument.parse(document), "");
    if (cadence >= gap)
      throw new RangeError(
        `a history with ${cadence} ms between samples is silence to ${id}: ${gap} ms`,
      );
  }
}
