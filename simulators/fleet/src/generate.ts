import { upTopic, type Fact, type Json } from "@unbroken/model";
import { EpochMs, formatIsoTime } from "@unbroken/units";
import { factsOf } from "./facts.ts";
import { Prng } from "./prng.ts";
import { labelsOf, type Label } from "./labels.ts";
import { payloadOf } from "./reading.ts";
import { sendersOf, type Scenario, type SenderPlan } from "./scenario.ts";
import type { Turn } from "./simulated-device.ts";
import { Simulation } from "./simulation.ts";
import { truthOf, type Truth } from "./truth.ts";

/** A message as a gateway would have received it. */
export interface SimulatedMessage {
  readonly topic: string;
  readonly payload: Json;
  /** RFC 3339, true time. */
  readonly received_at: string;
  /** Who sent it, as the connection's authentication tells: `organisation/device`. */
  readonly identity: string;
}

export interface Generated {
  readonly facts: readonly Fact[];
  /** Sorted by `received_at`. */
  readonly messages: readonly SimulatedMessage[];
  readonly truth: readonly Truth[];
  /** What happened, and whether somebody must be told. */
  readonly labels: readonly Label[];
  readonly summary: GeneratedSummary;
}

export interface GeneratedSummary {
  readonly readings: number;
  /** Messages that were sent twice. */
  readonly resent: number;
  /** Readings that never left a device, because its memory was full. */
  readonly dropped: number;
}

export interface GenerateOptions {
  readonly seed: number;
  /** Epoch ms; also the wall clock of the scenario: 00:00 +08:00 makes "at night" night. */
  readonly start: number;
  /** In ms; the scenario's own length unless given. */
  readonly lasts?: number;
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** How long a message is under way, and how far messages of one block are apart, in ms. */
const TRANSIT_MS = [80, 900] as const;
const SPACING_MS = 1_500;
/** A device that misses an acknowledgement sends again after so long, in ms. */
const RESEND_MS = [2_000, 30_000] as const;
const PARTS = 48;

/** Runs a scenario in memory. The same scenario and options give the same result to the byte, on any machine. */
export function generate(scenario: Scenario, options: GenerateOptions): Generated {
  const { seed, start, onProgress } = options;
  const lasts = options.lasts ?? scenario.lasts;
  const end = start + lasts;
  const simulation = new Simulation(scenario, { seed, start });
  const network = new Network(scenario, seed);
  for (let part = 1; part <= PARTS; part += 1) {
    network.carry(simulation.advance(start + Math.floor((lasts * part) / PARTS)));
    onProgress?.(part / PARTS);
  }
  const { dropped } = simulation;
  network.carry(simulation.flush());
  const facts = factsOf(scenario, start);
  const messages = network.delivered();
  return {
    facts,
    messages,
    truth: truthOf({ scenario, messages, start, end }),
    labels: labelsOf(scenario, { start, end, lives: simulation.lives }),
    summary: { readings: network.readings, resent: network.resent, dropped },
  };
}

/** The way from the devices to the gateway: delays, repetitions, arrival out of order. */
class Network {
  readings = 0;
  resent = 0;
  private readonly arrivals: { readonly at: number; readonly message: SimulatedMessage }[] = [];
  private readonly organisation: string;
  private readonly senders: ReadonlyMap<string, { plan: SenderPlan; prng: Prng }>;

  constructor(scenario: Scenario, seed: number) {
    this.organisation = scenario.organisation;
    this.senders = new Map(
      sendersOf(scenario).map((plan) => [
        plan.device,
        { plan, prng: Prng.ofStream(seed, `radio:${plan.device}`) },
      ]),
    );
  }

  carry(turns: readonly Turn[]): void {
    for (const turn of turns) this.carryTurn(turn);
  }

  delivered(): readonly SimulatedMessage[] {
    // Sorting is stable: of two at the same moment the one sent first stands first.
    return this.arrivals.toSorted((a, b) => a.at - b.at).map(({ message }) => message);
  }

  private carryTurn({ device, at, messages }: Turn): void {
    const sender = this.senders.get(device);
    if (sender === undefined) return;
    const { plan, prng } = sender;
    messages.forEach((readings, i) => {
      const payload = payloadOf(readings, plan.timeFormat);
      const arrival = at + i * SPACING_MS + Math.round(prng.between(...TRANSIT_MS));
      this.readings += readings.length;
      this.arrive(device, payload, arrival);
      if (!prng.chance(plan.radio.resend)) return;
      this.resent += 1;
      this.arrive(device, payload, arrival + Math.round(prng.between(...RESEND_MS)));
    });
  }

  private arrive(device: string, payload: Json, at: number): void {
    const message = {
      topic: upTopic(this.organisation, device),
      payload,
      received_at: formatIsoTime(EpochMs(at)),
      identity: `${this.organisation}/${device}`,
    };
    this.arrivals.push({ at, message });
  }
}
