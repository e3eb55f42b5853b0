import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { excursionView, modeOfExcursion, verdictsOfSpaces } from "@unbroken/api";
import { Settings } from "@unbroken/config";
import { UnbrokenError } from "@unbroken/errors";
import {
  Fact,
  IsoDuration,
  RegistryBuilder,
  durationOf,
  type Excursion,
  type JudgementRecord,
  type Registry,
} from "@unbroken/model";
import { EpochMs, formatIsoTime, type DurationMs } from "@unbroken/units";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";
import { recordingOf, type Recording } from "../replay/recording.ts";
import { replay, type Replayed } from "../replay/run-replay.ts";

const TICK = "PT1M";

const HELP = `usage: unbroken replay --messages FILE --facts FILE --out DIR [--tick PT1M]

Runs recorded messages and facts, as "unbroken simulate" writes them, through the whole pipeline and says what it judges.
It needs no server and reads no clock: time is what the recording tells.

  --messages FILE   NDJSON: {"topic","payload"|"payload_text"|"payload_hex","received_at","identity"}
  --facts FILE      NDJSON: one fact a line
  --out DIR         made if it is not there; files in it are overwritten
  --tick DURATION   how often our clock ticks between messages, ${TICK} unless given; silence is noticed no sooner

  DIR/judgements.ndjson   all that was said, in the order in which it was: opened, amended, closed, retracted, gaps, faults
  DIR/excursions.ndjson   what stands in the end, without the way there
  DIR/verdicts.ndjson     one canonical verdict for each space and profile, over the time that the profile ruled it
  DIR/shipments.ndjson    the same for shipments; there are none yet
  DIR/quarantine.ndjson   what could not be decoded, with its code

Lines may stand in any order and more than once: the same lines give the same bytes. A line that cannot be read is named on
stderr, counted in the summary, and the rest goes on; then the exit status is 1.

example:  unbroken simulate --scenario truck-tunnel --out /tmp/tunnel
          unbroken replay --messages /tmp/tunnel/messages.ndjson --facts /tmp/tunnel/facts.ndjson --out /tmp/judged
`;

/** The command `replay`. @throws UB_USAGE, UB_STORE_IO */
export async function runReplay(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    messages: { type: "string" },
    facts: { type: "string" },
    out: { type: "string" },
    tick: { type: "string" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UnbrokenError("UB_USAGE", `"${positionals.join(" ")}" is one word too many`);
  const out = required(values.out, "--out");
  const recording = recordingOf(
    await textOf("--messages", required(values.messages, "--messages")),
    await textOf("--facts", required(values.facts, "--facts")),
  );
  const tick = tickOf(values.tick ?? TICK);
  for (const { file, line, code, message } of recording.refused)
    io.stderr(`unbroken replay: ${file} line ${line}: ${message} (${code})\n`);
  const written = await replay(recording.records, Settings.parse({}), tick, (replayed) =>
    write(out, recording, replayed),
  );
  io.stdout(`${JSON.stringify({ ...written, refused: recording.refused.length, out })}\n`);
  return recording.refused.length === 0 ? 0 : 1;
}

async function textOf(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new UnbrokenError("UB_USAGE", `${option} ${file}: cannot be read`, {}, { cause });
  }
}

function tickOf(text: string): DurationMs {
  const parsed = IsoDuration.safeParse(text);
  if (parsed.success && durationOf(parsed.data) >= 1_000) return durationOf(parsed.data);
  throw new UnbrokenError("UB_USAGE", `--tick: a duration of at least PT1S is expected: ${TICK}`);
}

async function write(
  out: string,
  { records }: Recording,
  { judgements, quarantined, series, clocks }: Replayed,
): Promise<object> {
  const registry = new RegistryBuilder();
  for (const { topic, body } of records)
    if (topic === "facts") registry.apply(Fact.parse(JSON.parse(Buffer.from(body).toString())));
  const asOf = records.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), 0);
  const excursions = standing(judgements);
  const verdicts = await verdictsOfSpaces(registry, { series, clocks }, EpochMs(asOf));
  const files: readonly (readonly [name: string, rows: readonly unknown[]])[] = [
    ["judgements", judgements.map((record) => judgementLine(registry, record))],
    [
      "excursions",
      excursions.map(([organisation, excursion]) => line(registry, organisation, excursion)),
    ],
    ["verdicts", verdicts],
    ["shipments", []],
    [
      "quarantine",
      quarantined.map(({ receivedAt, ...rest }) => ({ ...rest, received_at: iso(receivedAt) })),
    ],
  ];
  await writeFiles(out, files);
  return {
    messages: records.filter(({ topic }) => topic === "messages").length,
    facts: records.filter(({ topic }) => topic === "facts").length,
    as_of: iso(asOf),
    ...Object.fromEntries(files.map(([name, rows]) => [name, rows.length])),
  };
}

/** The last word on each excursion; what was taken back is not there. */
function standing(
  judgements: readonly JudgementRecord[],
): readonly (readonly [organisation: string, excursion: Excursion])[] {
  const last = new Map<string, readonly [string, Excursion]>();
  for (const { organisation, judgement } of judgements)
    if ("excursion" in judgement)
      last.set(`${organisation} ${judgement.excursion.id}`, [organisation, judgement.excursion]);
  return [...last.values()]
    .filter(([, { retracted }]) => !retracted)
    .map(([organisation, excursion]) => [organisation, { ...excursion, revision: 1 }] as const)
    .sort(([a, x], [b, y]) =>
      x.since === y.since ? (`${a} ${x.id}` < `${b} ${y.id}` ? -1 : 1) : x.since - y.since,
    );
}

function line(registry: Registry, organisation: string, excursion: Excursion): object {
  const mode = modeOfExcursion(registry, organisation, excursion);
  const view = excursionView(excursion, { organisation, spaceName: "", mode });
  // A name is the present one; a replay says what was judged.
  return Object.fromEntries(Object.entries(view).filter(([field]) => field !== "space_name"));
}

function judgementLine(
  registry: Registry,
  { organisation, judgedAt, judgement }: JudgementRecord,
): object {
  const said = { organisation, judged_at: iso(judgedAt) };
  if (!("excursion" in judgement)) return { ...said, ...withTimes(judgement) };
  const { excursion, kind, ...rest } = judgement;
  return { ...said, kind, ...rest, excursion: line(registry, organisation, excursion) };
}

const TIMES = new Set(["from", "to", "measuredAt"]);

/** Times as RFC 3339 has them, wherever they stand. */
function withTimes(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      TIMES.has(key) && typeof inner === "number" ? iso(inner) : inner,
    ),
  ) as object;
}

function iso(at: number): string {
  return formatIsoTime(EpochMs(at));
}

async function writeFiles(
  out: string,
  files: readonly (readonly [name: string, rows: readonly unknown[]])[],
): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    for (const [name, rows] of files) {
      const file = await open(join(out, `${name}.ndjson`), "w");
      try {
        for (const row of rows) await file.write(`${JSON.stringify(row)}\n`);
      } finally {
        await file.close();
      }
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnbrokenError("UB_STORE_IO", `cannot write to ${out}: ${why}`, { out }, { cause });
  }
}
