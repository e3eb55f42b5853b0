import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Admin, startServer } from "../support/server-process.ts";
import { readTrace, straceInto, type SystemCall } from "../support/system-calls.ts";
import type { Credentials } from "../support/truck.ts";

// Killing a process leaves the page cache alone; only the order of system calls shows that a flush came first.

const ONE_BY_ONE = 200;
const AT_ONCE = 200;
const BASE = 1_700_000_000_000;

const dir = mkdtempSync(join(tmpdir(), "unbroken-trace-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe(`the system calls of ${ONE_BY_ONE} publishes one by one and ${AT_ONCE} at once`, () => {
  let calls: readonly SystemCall[] = [];
  beforeAll(async () => {
    calls = await traceServer();
  }, 180_000);

  it("show every PUBACK after a flush that began when its message was written", () => {
    const pubacks = calls
      .filter(isPuback)
      .flatMap((call) => Array<SystemCall>(pubacksIn(call)).fill(call));
    expect(pubacks).toHaveLength(ONE_BY_ONE + AT_ONCE);
    for (const [n, puback] of pubacks.entries()) {
      const written = calls.find(
        (call) => call.name === "pwrite64" && call.on.includes("messages-") && isIn(call.data, n),
      );
      if (written === undefined) throw new Error(`message ${n} was never written to the log`);
      const flushed = calls.find(
        (call) =>
          /^f(?:data)?sync$/.test(call.name) &&
          call.on === written.on &&
          call.startedAt >= written.endedAt,
      );
      expect(flushed?.endedAt ?? Number.POSITIVE_INFINITY, `message ${n}`).toBeLessThanOrEqual(
        puback.startedAt,
      );
    }
  });
});

/** Two of them, far enough apart that the end of a page cannot cut both. */
function isIn(data: string, n: number): boolean {
  return data.includes(`probe-${n}\\"`) || data.includes(`measured_at\\":${BASE + n * 1_000}`);
}

/** MQTT 3.1.1 §3.4: 0x40, which strace shows as `@`, 0x02, packet identifier; in one buffer or in three. */
const PUBACK = /"@\\2|iov_base="@", iov_len=1}, \{iov_base="\\2", iov_len=1}/g;

function isPuback(call: SystemCall): boolean {
  return call.on.startsWith("socket") && pubacksIn(call) > 0;
}

/** One call may carry several. */
function pubacksIn({ data }: SystemCall): number {
  return data.match(PUBACK)?.length ?? 0;
}

async function traceServer(): Promise<readonly SystemCall[]> {
  const under = straceInto(join(dir, "trace"));
  const server = await startServer(
    join(dir, "data"),
    { mqtt: "127.0.0.1:0", http: "127.0.0.1:0" },
    { under },
  );
  const admin = new Admin(server.ready.http, server.ready.token ?? "");
  const device = (await admin.request("POST", "organisations/trace/devices/d", {
    space: "room",
  })) as Credentials;
  const client = await connectAsync(server.ready.mqtt, {
    username: device.username,
    password: device.password,
  });
  const publish = (n: number): Promise<unknown> =>
    client.publishAsync(
      device.topic,
      JSON.stringify({ sensor: `probe-${n}`, temperature_c: 4, measured_at: BASE + n * 1_000 }),
      { qos: 1 },
    );
  for (let n = 0; n < ONE_BY_ONE; n++) await publish(n);
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => publish(ONE_BY_ONE + i)));
  await client.endAsync();
  await server.stop();
  return readTrace(dir, "trace");
}
