import { judgeInterval } from "@unbroken/detection";
import { UnbrokenError } from "@unbroken/errors";
import { builtInProfiles, profileJsonSchema } from "@unbroken/model";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";
import { momentOf, readingsOf } from "./interval-input.ts";
import { loadProfile } from "./load-profile.ts";
import { timeReader } from "./local-time.ts";
import { answerRefused } from "./refused-input.ts";

const HELP = `usage: unbroken judge --profile FILE_OR_ID [--readings FILE] [--from T] [--to T] [--zone ZONE]
       unbroken judge --profile list | --schema

Judges readings against a profile and prints one JSON object: intact, broken or unproven, with the minutes proven out
of range, the minutes that could have been, and every excursion. It needs no server.

  --profile FILE_OR_ID  a profile as JSON, or the id of one that comes with Unbroken: chilled.cn, vacc.2-8.store, …
  --profile list        prints those, one JSON object a line: id, titles, source, edition, confidence
  --schema              prints the JSON Schema of a profile
  --readings FILE       CSV or NDJSON; without it NDJSON is read from standard input
                          measured_at    RFC 3339 with offset: 2026-05-05T09:21:56Z
                          temperature_c  °C; empty (CSV) or null where the probe gave no value
                          sensor         optional; several sensors are judged together, the worst first
                        CSV needs a header; columns may stand in any order, others are ignored.
  --from T, --to T      the interval [from, to), looked at as of its end. Unless given it goes from the first to the
                        last reading.
  --zone ZONE           the IANA zone of times without offset: Asia/Shanghai. A clock time that comes twice, when
                        clocks go back, is the first of the two; one that never comes is refused.

Durations are in minutes, times in UTC. "since" is when the range was left; "until" is null for what lasts at the end.
Of a rule, "proven" and "possible" are its longest run out of range (consecutive), the total (instant, cumulative), or
for how long the window that ends there was out (window: the mean kinetic temperature of any stretch of "scope").
"gaps" are the stretches without proof: silence longer than the profile's gap, faults, and the time before any sensor
was heard. The same rows in any order, with duplicates, give the same bytes.

One row that cannot be read refuses the whole file, for a verdict on half the evidence would lie: then the object is
{"error":{"code","message"}}, the message names the line, and the exit status is 1.

  unbroken judge --profile chilled.cn --readings truck.csv --zone Asia/Shanghai
  echo '{"measured_at":"2026-05-05T09:00:00Z","temperature_c":4.2}' | unbroken judge --profile vacc.2-8.store
`;

/** `unbroken judge`: readings in, one verdict out. Resolves with the exit status. */
export async function runJudge(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    profile: { type: "string" },
    readings: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    zone: { type: "string" },
    schema: { type: "boolean" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  if (positionals.length > 0)
    throw new UnbrokenError(
      "UB_USAGE",
      `${positionals.join(" ")}: readings are named by --readings`,
    );
  if (values.schema === true) {
    io.stdout(`${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
    return 0;
  }
  const profileName = required(values.profile, "--profile");
  if (profileName === "list") {
    for (const { id, title, title_zh, source, edition, confidence } of builtInProfiles)
      io.stdout(`${JSON.stringify({ id, title, title_zh, source, edition, confidence })}\n`);
    return 0;
  }
  const readTime = timeReader(values.zone ?? null);
  const from = values.from === undefined ? null : momentOf("--from", values.from, readTime);
  const to = values.to === undefined ? null : momentOf("--to", values.to, readTime);
  if (from !== null && to !== null && to < from)
    throw new UnbrokenError("UB_USAGE", "--to lies before --from");
  try {
    const profile = await loadProfile(profileName);
    const readings = await readingsOf(values.readings ?? null, io, readTime);
    const interval = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
    io.stdout(`${JSON.stringify(judgeInterval({ profile, readings, ...interval }))}\n`);
    return 0;
  } catch (error) {
    return answerRefused("judge", profileName, error, io);
  }
}
