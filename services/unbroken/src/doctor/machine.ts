import { createServer } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { fail, ok, warn, type Finding } from "./check.ts";

/** The first SQLite without the WAL-reset bug (sqlite.org/releaselog/3_51_3.html). */
const SQLITE_FLOOR = [3, 51, 3] as const;

export function checkNode(): Finding {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 24) return ok("Node", process.version);
  return fail(
    "Node",
    process.version,
    "Unbroken is tested on Node 24, which npm ci installs: start it with npx unbroken",
  );
}

export function checkSqlite(): Finding {
  const database = new DatabaseSync(":memory:");
  const version = String(database.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  database.close();
  const parts = version.split(".").map(Number);
  const difference =
    SQLITE_FLOOR.map((floor, i) => (parts[i] ?? 0) - floor).find((d) => d !== 0) ?? 0;
  if (difference >= 0) return ok("SQLite", version);
  return fail(
    "SQLite",
    version,
    `at least ${SQLITE_FLOOR.join(".")}: older ones can corrupt a database in WAL mode`,
  );
}

/** A clock that was never set, or one that was stepped while we looked. */
export async function checkClock(newestRecordMs: number | null): Promise<Finding> {
  const wall = Date.now();
  const steady = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const drift = Date.now() - wall - (performance.now() - steady);
  const shown = new Date(wall).toISOString();
  const advice =
    "run an NTP client (chrony, systemd-timesyncd): silence and lateness are judged by this clock";
  if (wall < Date.UTC(2026, 0, 1)) return fail("clock", `it is set to ${shown}`, advice);
  if (Math.abs(drift) > 50)
    return warn("clock", `it was stepped by ${drift.toFixed(0)} ms within 200 ms`, advice);
  if (newestRecordMs !== null && newestRecordMs > wall + 60_000)
    return fail(
      "clock",
      `${shown} is before the newest record in the log, ${new Date(newestRecordMs).toISOString()}`,
      advice,
    );
  return ok("clock", shown);
}

export async function checkPort(name: string, address: string): Promise<Finding> {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replace(/^\[|\]$/g, "");
  const port = Number(address.slice(at + 1));
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
  if (error === null) return ok(`port for ${name}`, `${address} is free`);
  if (error.code === "EADDRINUSE")
    return warn(
      `port for ${name}`,
      `${address} is taken`,
      "another Unbroken or another program listens there; choose another address, or stop it",
    );
  return fail(`port for ${name}`, `${address}: ${error.message}`, "choose another address");
}
