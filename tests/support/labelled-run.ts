import { generate, withoutGuards, type Scenario } from "@unbroken/fleet";
import { HOUR, MINUTE } from "@unbroken/units";
import type { ToldRun } from "./alert-score.ts";
import { Pipeline, factRecord, messageRecord, tickRecord } from "./pipeline.ts";
import { toldAlerts } from "./told-alerts.ts";

/** The last messages are under way for less than this. */
const DELIVERED_AFTER = HOUR;
const TICK = MINUTE;
const START = Date.parse("2026-01-05T00:00:00+08:00");

/** The scenario under the same limits without allowances, hysteresis and debounce. */
export function bare(scenario: Scenario): Scenario {
  return {
    ...scenario,
    profiles: scenario.profiles.map(withoutGuards),
    spaces: scenario.spaces.map((space) => ({ ...space, profile: `${space.profile}.bare` })),
  };
}

/** Plays a labelled scenario through log, decoding and judging; returns what people are told, beside the labels. */
export async function toldIn(scenario: Scenario, seed: number): Promise<ToldRun> {
  const { facts, messages, labels } = generate(scenario, { seed, start: START });
  const end = START + scenario.lasts;
  const pipeline = await Pipeline.open();
  try {
    const records = messages.map(({ topic, payload, received_at }) =>
      messageRecord(
        scenario.organisation,
        topic.split("/")[3] ?? "",
        Date.parse(received_at),
        payload,
      ),
    );
    for (let at = START; at <= end + DELIVERED_AFTER; at += TICK) records.push(tickRecord(at));
    records.sort((a, b) => a.receivedAt - b.receivedAt);
    await pipeline.append(facts.map((fact) => factRecord(fact)));
    await pipeline.append(records);
    await pipeline.applied();
    const spaceOf = new Map(scenario.devices.map(({ device, space }) => [device, space]));
    const alerts = toldAlerts(await pipeline.judgements(), spaceOf);
    const homes = new Map(
      scenario.spaces.map(({ space, home }) => [space, "site" in home ? home.site : "vehicles"]),
    );
    return {
      labels,
      alerts: alerts.filter(({ at }) => at <= end),
      hours: scenario.lasts / HOUR,
      operatorOf: (space) => homes.get(space) ?? "",
      operators: new Set(homes.values()).size,
    };
  } finally {
    await pipeline.close();
  }
}
