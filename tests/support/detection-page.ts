import type { Scenario } from "@unbroken/fleet";
import { HOUR, MINUTE } from "@unbroken/units";
import { AFTER_INCIDENT, AFTER_ORDINARY, joined, type AlertScore } from "./alert-score.ts";
import { FAULT_TOLD_AFTER } from "./told-alerts.ts";

/** All runs of a scenario, under its guarded profiles and under the same limits bare. */
export interface Row {
  readonly scenario: Scenario;
  readonly guarded: AlertScore;
  readonly bare: AlertScore;
}

/** docs/detection.md: what was measured, how, and what came out. */
export function detectionPage(rows: readonly Row[], seeds: readonly number[]): string {
  return [
    intro(rows, seeds),
    scenarioTable(rows),
    "## Incidents\n",
    "Minutes are from the beginning of the incident to the first alert that wakes somebody, and from there to the moment",
    "at which the simulated core left its range.\n",
    incidentTable(rows),
    "## What the needless alerts were about\n",
    needlessTable(rows),
    method(),
  ].join("\n");
}

const intro = (
  rows: readonly Row[],
  seeds: readonly number[],
): string => `# How well Unbroken tells what matters from what does not

This page is made by \`npm run detection\` and changes with it; \`npm run detection -- --check\` fails if it is out of date.
Seeds: ${seeds.join(", ")}. Simulated days with labels, through the whole judge; nothing here is from a real room.

"Guarded" is a profile with allowances for doors and defrosts that a contact proves, hysteresis and debounce. "Bare" is the
same profile, with the same limits and holds, without those three: what a panel with a threshold does. The numbers of both
are templates, chosen for rooms like these.

In all, ${inAll("guarded", joined(rows.map(({ guarded }) => guarded)))};
${inAll("bare", joined(rows.map(({ bare }) => bare)))}.

`;

function inAll(profile: string, { incidents, justified, needless }: AlertScore): string {
  const found = incidents.filter(({ toldAfter }) => toldAfter !== null).length;
  const precision = percent(justified / (justified + needless));
  return `${profile} profiles found ${found} of ${incidents.length} incidents, with ${needless} needless alerts beside ${justified} justified ones (precision ${precision})`;
}

function scenarioTable(rows: readonly Row[]): string {
  const head = [
    "Scenario",
    "Profile",
    "Incidents",
    "Found",
    "Missed",
    "Alerts: justified",
    "needless",
    "Precision",
    "Recall",
    "Warnings: justified",
    "needless",
    "Median time to alert",
    "Alerts per operator and hour",
    "Most in 10 min",
  ];
  const lines = rows.flatMap(({ scenario, guarded, bare }) => [
    scenarioLine(scenario.name, "guarded", guarded),
    scenarioLine(scenario.name, "bare", bare),
  ]);
  return `${tableOf(head, lines)}
EEMUA publication 191 takes about one alarm in ten minutes, 6 an hour, for what one operator can bear in steady state, and 10 in
ten minutes for manageable in an upset. One operator is counted for each site, one for all vehicles; alerts and warnings
both count.
`;
}

function scenarioLine(name: string, profile: string, score: AlertScore): readonly string[] {
  const found = score.incidents.filter(({ toldAfter }) => toldAfter !== null);
  const waking = score.justified + score.needless;
  const [justifiedWarnings, needlessWarnings] = score.warnings;
  return [
    `\`${name}\``,
    profile,
    String(score.incidents.length),
    String(found.length),
    String(score.incidents.length - found.length),
    String(score.justified),
    String(score.needless),
    waking === 0 ? "–" : percent(score.justified / waking),
    score.incidents.length === 0 ? "–" : percent(found.length / score.incidents.length),
    String(justifiedWarnings),
    String(needlessWarnings),
    minutes(median(found.map(({ toldAfter }) => toldAfter))),
    score.perOperatorHour.toFixed(3),
    String(score.busiest),
  ];
}

function incidentTable(rows: readonly Row[]): string {
  const head = [
    "Scenario",
    "Incident",
    "Profile",
    "Found",
    "Time to alert: median",
    "longest",
    "Ahead of the product: least",
    "median",
  ];
  const lines = rows.flatMap(({ scenario, guarded, bare }) =>
    kindsOf(guarded).flatMap((kind) => [
      incidentLine(scenario.name, kind, "guarded", guarded),
      incidentLine(scenario.name, kind, "bare", bare),
    ]),
  );
  return `${tableOf(head, lines)}
"–" ahead of the product: its core never left its range, as the incident ended before.
`;
}

function incidentLine(
  name: string,
  kind: string,
  profile: string,
  { incidents }: AlertScore,
): readonly string[] {
  const own = incidents.filter((incident) => incident.kind === kind);
  const told = numbers(own.map(({ toldAfter }) => toldAfter));
  const ahead = numbers(own.map((incident) => incident.ahead));
  return [
    `\`${name}\``,
    kind,
    profile,
    `${told.length} of ${own.length}`,
    minutes(median(told)),
    minutes(told.length === 0 ? null : Math.max(...told)),
    minutes(ahead.length === 0 ? null : Math.min(...ahead)),
    minutes(median(ahead)),
  ];
}

function needlessTable(rows: readonly Row[]): string {
  const head = ["Scenario", "At the time", "Guarded", "Bare"];
  const lines = rows.flatMap(({ scenario, guarded, bare }) =>
    [...new Set([...guarded.needlessBy.keys(), ...bare.needlessBy.keys()])]
      .sort()
      .map((cause) => [
        `\`${scenario.name}\``,
        cause,
        String(guarded.needlessBy.get(cause) ?? 0),
        String(bare.needlessBy.get(cause) ?? 0),
      ]),
  );
  return lines.length === 0 ? "There were none.\n" : tableOf(head, lines);
}

const method = (): string => `## How it is counted

- **Labels** come with the scenario, as data: what happens, in which space, from when to when, and whether a person must be
  woken. Defrosts and people's doors are noted by the simulation as they happen. None of it is known to the judge.
- **An alert** is an excursion of severity \`break\` or \`excursion\` when it is opened, at the time of the message or tick that
  led to it, whether or not it is taken back later; or a probe without a value for ${FAULT_TOLD_AFTER / MINUTE} minutes. Severity \`warn\` is counted as a
  warning. One cause may open several excursions; the notifier makes one message of them, here each counts.
- **Justified** is an alert in the space of an incident from its beginning until ${AFTER_INCIDENT / MINUTE} minutes after its end, or as long as the
  simulated core that it warmed is out of its range; any other is needless. One that was standing already when the incident
  began is needless, and does not tell of it: so a bare profile may be later than a guarded one.
- **Precision** is the share of justified alerts; **recall** the share of incidents with an alert.
- A needless alert is put down to all ordinary events in its space from their beginning until ${AFTER_ORDINARY / MINUTE} minutes after their end;
  "people" are short doors by day.
- **Ahead of the product** is measured against the core of the simulation, which no sensor sees and which leaves its range at the
  same limit as the profile's. The judge estimates the core by a lag that is stated equal to the simulated one, so it is as well
  informed as it can be.
`;

function kindsOf({ incidents }: AlertScore): readonly string[] {
  return [...new Set(incidents.map(({ kind }) => kind))];
}

function numbers(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = numbers(values).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const next = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined || next === undefined ? null : (middle + next) / 2;
}

function minutes(ms: number | null): string {
  if (ms === null) return "–";
  const whole = Math.round(ms / MINUTE);
  return Math.abs(ms) < 3 * HOUR ? `${whole} min` : `${(ms / HOUR).toFixed(1)} h`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function tableOf(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => "---"), ...lines];
  return `${all.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}
