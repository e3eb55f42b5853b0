import {
  generate,
  labelledScenarios,
  scenarios,
  truthOf,
  withoutGuards,
  type ExcursionTruth,
  type Scenario,
  type SimulatedMessage,
  type StatedProfileDocument,
} from "@unbroken/fleet";
import type { EvidenceStretch, Excursion, Fact } from "@unbroken/model";
import { DAY, EpochMs, HOUR, MINUTE, SECOND, formatIsoTime } from "@unbroken/units";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Pipeline, factRecord, messageRecord, tickRecord } from "../support/pipeline.ts";

// The simulator's truth is a judge of its own: it shares nothing with detection but the words. It counts a space as
// unproven from the start of the scenario on; a space is judged from when it was first heard. So minutes are compared from
// when every sensor of the space had been heard.

const SEEDS = [1, 7, 20_261_124];
const START = Date.parse("2026-05-05T00:00:00+08:00");
/** The last messages are under way for less than this after the scenario's end. */
const DELIVERED_AFTER = HOUR;
const TICK = 30 * SECOND;
const MINUTES_EACH_WAY = 0.001;

/** A labelled day by what truth knows of: bare rules about the air. */
function plain(scenario: Scenario): Scenario {
  return {
    ...scenario,
    profiles: scenario.profiles.map(plainProfile),
    spaces: scenario.spaces.map((space) => ({ ...space, profile: `${space.profile}.bare` })),
  };
}

function plainProfile(profile: StatedProfileDocument): StatedProfileDocument {
  const bare = withoutGuards(profile);
  const rules = bare.rules.filter(({ quantity = "air" }) => quantity === "air");
  return { ...bare, faults: {}, rules };
}

/** Truth takes a probe at its word and knows nothing of how a room warms. */
const isKnownToTruth = ({ statement }: Fact): boolean =>
  statement.kind !== "sensor-described" && statement.kind !== "thermal-stated";

/** The scenarios as they are, one that is looked at while its compressor is dead, and labelled days, with their contacts. */
const rows = [
  ...scenarios.map((scenario) => ({ scenario, title: scenario.name, hours: null })),
  ...scenarios
    .filter(({ name }) => name === "dead-compressor-at-night")
    .map((scenario) => ({ scenario, title: `${scenario.name}, at six o'clock`, hours: 6 })),
  ...labelledScenarios
    .filter(({ lasts }) => lasts <= DAY)
    .map((scenario) => ({ scenario: plain(scenario), title: scenario.name, hours: null })),
].flatMap((row) => SEEDS.map((seed) => ({ ...row, seed })));

let pipeline: Pipeline;
let cases = 0;
let found = 0;
beforeAll(async () => {
  pipeline = await Pipeline.open();
});
afterAll(() => pipeline.close());

describe("the whole pipeline finds what truly happened, and nothing else", () => {
  it.each(rows)("in $title, seed $seed", async ({ scenario: plan, hours, seed }) => {
    cases += 1;
    const scenario = { ...plan, organisation: `truth-${cases}` };
    // Each on days of its own: the clock that the log tells does not go back.
    const start = START + cases * 3 * DAY;
    const lasts = hours === null ? plan.lasts : hours * HOUR;
    // As of a moment by which everything has come in; if cut short, as of then, for there it is to be seen lasting.
    const end = start + lasts + (hours === null ? DELIVERED_AFTER : 0);
    const { facts, messages: all } = generate(scenario, { seed, start, lasts });
    // Truth is as of the end; a device whose clock is ahead may have told of a later moment.
    const messages = all.filter(({ payload }) => measuredAtIn(payload).every((at) => at < end));
    await pipeline.append(facts.filter(isKnownToTruth).map((fact) => factRecord(fact)));
    await pipeline.append(inOrderOfReceipt(scenario.organisation, messages, start, end));
    await pipeline.applied();

    const expected = excursionsIn(truthOf({ scenario, messages, start, end })).map(wordedTruth);
    const excursions = await pipeline.excursions(scenario.organisation);
    const standing = excursions.filter(({ retracted }) => !retracted);
    expect(standing.map(worded).sort()).toEqual(expected.sort());
    found += expected.length;

    for (const { space } of scenario.spaces) {
      const from = heardFrom(scenario, space, messages);
      const timeline = await pipeline.timeline(scenario.organisation, space);
      const truth = truthOf({ scenario, messages, start: from, end });
      const difference = unprovenMinutes(timeline, from, end) - unprovenIn(truth, space);
      expect(Math.abs(difference), `unproven minutes of ${space}`).toBeLessThan(MINUTES_EACH_WAY);
    }
  });

  it("and there was something to find", () => {
    expect(found).toBeGreaterThan(20);
  });
});

type Truths = ReturnType<typeof truthOf>;

function excursionsIn(truth: Truths): ExcursionTruth[] {
  return truth.filter((line) => "rule" in line);
}

function unprovenIn(truth: Truths, space: string): number {
  const [line] = truth.filter((other) => "unproven_minutes" in other && other.space === space);
  if (line === undefined || !("unproven_minutes" in line)) throw new Error(`no line for ${space}`);
  return line.unproven_minutes;
}

function inOrderOfReceipt(
  organisation: string,
  messages: readonly SimulatedMessage[],
  start: number,
  end: number,
): ReturnType<typeof tickRecord>[] {
  const records = messages.map(({ topic, payload, received_at }) =>
    messageRecord(organisation, deviceIn(topic), Date.parse(received_at), payload),
  );
  for (let at = start; at < end; at += TICK) records.push(tickRecord(at));
  records.sort((a, b) => a.receivedAt - b.receivedAt);
  records.push(tickRecord(end));
  return records;
}

function deviceIn(topic: string): string {
  return topic.split("/")[3] ?? "";
}

/** When the last of the space's sensors was first heard, by its own clock. */
function heardFrom(
  { devices }: Scenario,
  space: string,
  messages: readonly SimulatedMessage[],
): number {
  const first = devices
    .filter((device) => device.space === space)
    .map(({ device }) =>
      messages
        .filter(({ topic }) => deviceIn(topic) === device)
        .flatMap(({ payload }) => measuredAtIn(payload))
        .reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    );
  return Math.max(...first);
}

function measuredAtIn(payload: unknown): readonly number[] {
  type Measured = { readonly measured_at: string | number };
  const { readings, ...single } = payload as Measured & { readonly readings?: readonly Measured[] };
  return (readings ?? [single]).map(({ measured_at: at }) =>
    typeof at === "number" ? at : Date.parse(at),
  );
}

function unprovenMinutes(timeline: readonly EvidenceStretch[], from: number, end: number): number {
  const ms = timeline
    .filter((stretch) => stretch.class === "unproven")
    .reduce(
      (sum, stretch) =>
        sum + Math.max(0, Math.min(stretch.to ?? end, end) - Math.max(stretch.from, from)),
      0,
    );
  return ms / MINUTE;
}

function wordedTruth({ space, rule, side, since, until, peak_c, minutes }: ExcursionTruth): string {
  const lasted = until === null ? "so far" : `${minutes.toFixed(3)} min`;
  return `${space}: ${rule} ${side}, ${since} to ${until ?? "now"}, ${lasted}, peak ${peak_c} °C`;
}

function worded({ space, rule, side, since, until, peak, provenMs }: Excursion): string {
  const end = until === null ? null : formatIsoTime(EpochMs(until));
  return wordedTruth({
    organisation: "",
    space,
    rule,
    side,
    since: formatIsoTime(EpochMs(since)),
    until: end,
    minutes: Math.round(provenMs / 60) / 1_000,
    peak_c: peak / 1_000,
  });
}
