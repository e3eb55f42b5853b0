import { backtest, type Night } from "@unbroken/detection";
import { UnbrokenError } from "@unbroken/errors";
import { scheduleOf, ScheduleDocument } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";
import { momentOf, readingsOf } from "./interval-input.ts";
import { loadProfile } from "./load-profile.ts";
import { timeReader } from "./local-time.ts";
import { answerRefused } from "./refused-input.ts";

const NIGHT = "22:00-06:00+08:00";

const HELP = `usage: unbroken backtest --today FILE_OR_ID --changed FILE_OR_ID [--readings FILE] [--from T] [--to T]
                         [--zone ZONE] [--night HH:MM-HH:MM+HH:MM]

Runs changed rules over recorded readings beside today's, and prints one JSON object: what each would have fired, when
somebody would have been told, how often at night, and what one would have said and the other not. Readings are judged as
live ones are, each at its time. It needs no server.

  --today FILE_OR_ID    the rules as they are: a profile as JSON, or the id of one that comes with Unbroken
  --changed FILE_OR_ID  the rules as they would be
  --readings FILE       as for "unbroken judge"; without it NDJSON is read from standard input
  --from T, --to T      the interval; from the first to the last reading unless given
  --zone ZONE           the IANA zone of times without offset
  --night HOURS         ${NIGHT} unless given: from, to, and the offset of the clock that they are told by

  unbroken backtest --today chilled.cn --changed stricter.json --readings march.csv --zone Asia/Shanghai
`;

/** `unbroken backtest`: readings and two profiles in, what each would have fired out. Resolves with the exit status. */
export async function runBacktest(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    today: { type: "string" },
    changed: { type: "string" },
    readings: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    zone: { type: "string" },
    night: { type: "string" },
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
  const todayName = required(values.today, "--today");
  const changedName = required(values.changed, "--changed");
  const night = nightOf(values.night ?? NIGHT);
  const readTime = timeReader(values.zone ?? null);
  const asked = {
    from: values.from === undefined ? null : momentOf("--from", values.from, readTime),
    to: values.to === undefined ? null : momentOf("--to", values.to, readTime),
  };
  try {
    const today = await loadProfile(todayName);
    const changed = await loadProfile(changedName);
    const readings = await readingsOf(values.readings ?? null, io, readTime);
    const { from, to } = spanOf(asked, readings);
    io.stdout(`${JSON.stringify(backtest({ today, changed, readings, from, to, night }))}\n`);
    return 0;
  } catch (error) {
    return answerRefused("backtest", `${todayName} or ${changedName}`, error, io);
  }
}

function spanOf(
  { from, to }: { readonly from: EpochMs | null; readonly to: EpochMs | null },
  readings: readonly { readonly at: EpochMs }[],
): { readonly from: EpochMs; readonly to: EpochMs } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of readings) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  if (readings.length === 0 && (from === null || to === null))
    throw new UnbrokenError(
      "UB_READINGS_INVALID",
      "there is no reading, and no interval is stated",
    );
  // The last reading is a moment of the interval.
  const span = { from: from ?? EpochMs(first), to: to ?? EpochMs(last + 1) };
  if (span.to < span.from) throw new UnbrokenError("UB_USAGE", "--to lies before --from");
  return span;
}

function nightOf(text: string): Night {
  const [, from, to, offset] = /^(\d{2}:\d{2})-(\d{2}:\d{2})([+-]\d{2}:\d{2})$/.exec(text) ?? [];
  const hours = ScheduleDocument.safeParse({ from, to, offset });
  if (!hours.success)
    throw new UnbrokenError("UB_USAGE", `--night: hours and their offset are expected: ${NIGHT}`);
  return scheduleOf(hours.data);
}
