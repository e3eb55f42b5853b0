import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "@unbroken/config";
import { inspectLog } from "@unbroken/event-log/embedded";
import { parseOptions } from "../arguments.ts";
import { fail, ok, type Finding } from "../doctor/check.ts";
import { checkFlush, checkGrowth, checkSpace } from "../doctor/disk.ts";
import { checkClock, checkNode, checkPort, checkSqlite } from "../doctor/machine.ts";
import { checkNotifications } from "../doctor/notifications.ts";
import type { Io } from "../io.ts";

const HELP = `usage: unbroken doctor [--data DIR] [--settings FILE] [--json]

Checks what Unbroken stands on, and says what to do: Node, SQLite, the clock, room on the disk and until when it lasts,
the time of a flush, the log's files, deliveries of alerts that were given up, and whether the ports are free.
Exit status 1 if anything failed.

  --data DIR        the data folder of a server, running or not (default: only the machine is checked)
  --settings FILE   the server's settings, for its ports
  --json            one JSON object a line instead of a table
`;

const MARKS = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

export async function runDoctor(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseOptions(args, {
    data: { type: "string" },
    settings: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  const findings = await examine(values.data, values.settings);
  for (const finding of findings) {
    if (values.json === true) io.stdout(`${JSON.stringify(finding)}\n`);
    else
      io.stdout(
        `${MARKS[finding.state]}  ${finding.check.padEnd(16)} ${finding.detail}\n${finding.advice === null ? "" : `      → ${finding.advice}\n`}`,
      );
  }
  return findings.some(({ state }) => state === "fail") ? 1 : 0;
}

async function examine(
  dir: string | undefined,
  settingsFile: string | undefined,
): Promise<readonly Finding[]> {
  const settings = loadSettings({
    ...(settingsFile === undefined ? {} : { file: settingsFile }),
    environment: process.env,
  });
  const log = examineLog(dir);
  const disk = dir !== undefined && existsSync(dir) ? dir : scratchDir();
  return [
    checkNode(),
    checkSqlite(),
    await checkClock(log.newestMs),
    checkSpace(disk),
    checkFlush(disk),
    ...(dir !== undefined && existsSync(dir) ? [checkGrowth(dir)] : []),
    ...log.findings,
    ...(dir === undefined ? [] : await checkNotifications(dir, Date.now())),
    await checkPort("MQTT", settings.mqtt.plain),
    await checkPort("MQTT, TLS", settings.mqtt.tls),
    await checkPort("HTTP", settings.http.listen),
  ];
}

function examineLog(dir: string | undefined): {
  readonly findings: readonly Finding[];
  readonly newestMs: number | null;
} {
  const folder = dir === undefined ? null : join(dir, "log");
  if (folder === null || !existsSync(folder)) return { findings: [], newestMs: null };
  try {
    const { days, newestReceivedAt } = inspectLog(folder);
    const first = days[0];
    const last = days.at(-1);
    const detail =
      first === undefined || last === undefined
        ? "no message yet"
        : `${days.length} day files, ${first.day} to ${last.day}, next offset ${last.nextOffset}`;
    return { findings: [ok("log", detail)], newestMs: newestReceivedAt };
  } catch (error) {
    const advice =
      "do not write to this folder; copy it first, then restore the damaged file from a backup";
    return { findings: [fail("log", (error as Error).message, advice)], newestMs: null };
  }
}

function scratchDir(): string {
  const dir = join(tmpdir(), "unbroken-doctor");
  mkdirSync(dir, { recursive: true });
  return dir;
}
