import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Admin, startServer, type ServerProcess } from "../support/server-process.ts";
import { Truck, type Credentials } from "../support/truck.ts";

// SIGKILL leaves the page cache alone, so this proves order and recovery; that each acknowledgement follows its flush is
// for flush-order.crash.test.ts to prove.

const ROUNDS = Number(process.env["UB_KILL_ROUNDS"] ?? "50");
const SEED = Number(process.env["UB_SEED"] ?? "20261124");
const TRUCKS = 20;
const PROFILE = {
  id: "crash",
  cadence: "PT1S",
  gap: "PT1H",
  rules: [{ id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT5S" }],
};

const dir = mkdtempSync(join(tmpdir(), "unbroken-kill-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe(`SIGKILL at any moment, ${ROUNDS} rounds under load (seed ${SEED})`, () => {
  it(
    "loses no acknowledged reading and doubles no effect",
    { timeout: ROUNDS * 20_000 },
    async () => {
      const random = generator(SEED);
      let server = await startServer(dir, { mqtt: "127.0.0.1:0", http: "127.0.0.1:0" });
      const token = server.ready.token ?? "";
      const addresses = {
        mqtt: new URL(server.ready.mqtt).host,
        http: new URL(server.ready.http).host,
      };
      const admin = new Admin(server.ready.http, token);
      const trucks = await startTrucks(admin, server);

      for (let round = 0; round < ROUNDS; round++) {
        await pause(300 + random() * 900);
        await server.kill();
        // Every fifth time the consumer stands still: what was acknowledged is not yet judged when the process dies.
        const stalled = round % 5 === 4 ? { UNBROKEN_PROCESSOR_GATHER_MS: "30000" } : {};
        server = await startServer(dir, addresses, {
          environment: round === ROUNDS - 1 ? {} : stalled,
        });
      }
      for (const truck of trucks) truck.stopMeasuring();
      await Promise.all(trucks.map((truck) => truck.drain(60_000)));
      const acknowledged = trucks.reduce((sum, truck) => sum + truck.acknowledged.size, 0);
      process.stderr.write(`${ROUNDS} kills, ${acknowledged} readings acknowledged\n`);
      expect(acknowledged).toBeGreaterThan(ROUNDS * 10);
      for (const [i, truck] of trucks.entries()) await checkTruck(admin, i, truck);
      for (const truck of trucks) truck.end();
      await server.stop();
    },
  );
});

async function startTrucks(admin: Admin, server: ServerProcess): Promise<readonly Truck[]> {
  const trucks: Truck[] = [];
  for (let i = 0; i < TRUCKS; i++) {
    const body = { space: `truck-${i}`, profile: PROFILE };
    const credentials = (await admin.request(
      "POST",
      `organisations/crash/devices/d${i}`,
      body,
    )) as Credentials;
    const truck = new Truck(server.ready.mqtt, credentials, Date.now() - 86_400_000 + i);
    // Ten warm in every thirty: excursions open and close all the time, also across a kill.
    truck.start(10, (n) => (n % 30 < 10 ? 12 : 4));
    trucks.push(truck);
  }
  return trucks;
}

/** Everything acknowledged is stored once, and the excursions are those of the readings, each judged once. */
async function checkTruck(admin: Admin, i: number, truck: Truck): Promise<void> {
  const readings = await eventually(async () => {
    const found = await admin.all(`readings?organisation=crash&device=d${i}&quantity=temperature`);
    return found.length >= truck.measured.size ? found : null;
  });
  const times = readings.map((reading) => Date.parse(String(reading["measured_at"])));
  expect(new Set(times).size, "a reading is stored once").toBe(times.length);
  const stored = new Set(times);
  expect(
    [...truck.acknowledged].filter((at) => !stored.has(at)),
    "acknowledged but lost",
  ).toEqual([]);
  const expected = excursionsOf(truck.measured);
  const excursions = await eventually(async () => {
    const found = await admin.all(`excursions?organisation=crash&space=truck-${i}`);
    return found.length >= expected.length ? found : null;
  });
  const momentOf = (value: unknown): number | null =>
    typeof value === "string" ? Date.parse(value) : null;
  expect(excursions.map((e) => [momentOf(e["since"]), momentOf(e["until"])])).toEqual(expected);
  for (const excursion of excursions.slice(0, 5)) {
    const { revisions: said } = (await admin.request(
      "GET",
      `excursions/${encodeURIComponent(String(excursion["id"]))}/revisions`,
    )) as {
      readonly revisions: readonly {
        readonly change: string;
        readonly excursion: { readonly revision: number };
      }[];
    };
    const revisions = said.map((item) => item.excursion.revision).sort((a, b) => a - b);
    expect(revisions, "each revision was said once").toEqual(revisions.map((_, n) => n + 1));
  }
}

/** A naive judge: runs above 8 °C of at least 5 s, from first warm reading to the first cool one. */
function excursionsOf(
  measured: ReadonlyMap<number, number>,
): readonly (readonly [since: number, until: number | null])[] {
  const sorted = [...measured].sort(([a], [b]) => a - b);
  const runs: (readonly [number, number | null])[] = [];
  let since: number | null = null;
  for (const [at, celsius] of sorted) {
    if (celsius > 8) since ??= at;
    else if (since !== null) {
      if (at - since >= 5_000) runs.push([since, at]);
      since = null;
    }
  }
  const last = sorted.at(-1)?.[0] ?? 0;
  if (since !== null && last - since >= 5_000) runs.push([since, null]);
  return runs;
}

async function eventually<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await attempt();
    if (found !== null) return found;
    if (tries > 100) throw new Error("what was acknowledged was not there within 50 s");
    await pause(500);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** mulberry32, a public-domain generator by Tommy Ettinger: only for when to kill. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
