import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Aedes, type Client } from "aedes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SimulatedReading } from "./reading.ts";
import { runFleet, type FleetProgress, type FleetRun } from "./run-fleet.ts";
import { scenarioNamed } from "./scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { Simulation } from "./simulation.ts";
import { samplesByDevice, type Sample } from "./truth.ts";

// A real broker (aedes) on a real socket.

const MINUTE_MS = 60_000;
const AT_ONCE = 1e9;

let broker: Aedes;
let server: Server;
let sockets: Set<Socket>;
let received: { readonly topic: string; readonly payload: never }[];
/** Says no to a message before it is stored; the broker then drops the connection. */
let refuses: (client: Client) => boolean;

beforeEach(async () => {
  received = [];
  sockets = new Set();
  refuses = () => false;
  broker = await Aedes.createBroker();
  broker.authenticate = (_client, username, password, done) =>
    done(null, password?.toString() === `secret of ${username}`);
  broker.authorizePublish = (client, packet, done) => {
    if (client !== null && refuses(client)) {
      done(new Error("refused"));
      return;
    }
    received.push({ topic: packet.topic, payload: JSON.parse(packet.payload.toString()) as never });
    done(null);
  };
  server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((done) => broker.close(done));
  await new Promise<void>((done) => server.close(() => done()));
});

function scenarioOf(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario === null) throw new Error(`no scenario ${name}`);
  return scenario;
}

function runOf(change: Partial<FleetRun>): FleetRun {
  const { port } = server.address() as AddressInfo;
  return {
    scenario: scenarioOf("calm-day"),
    seed: 1,
    url: `mqtt://127.0.0.1:${port}`,
    credentials: ({ device }) => ({ username: device, password: `secret of ${device}` }),
    signal: new AbortController().signal,
    speed: AT_ONCE,
    ...change,
  };
}

/** What the devices of a scenario measure, by the simulation alone. */
function measured(
  scenario: Scenario,
  start: number,
  lasts: number,
): Record<string, readonly number[]> {
  const simulation = new Simulation(scenario, { seed: 1, start });
  const turns = [...simulation.advance(start + lasts), ...simulation.flush()];
  return Object.fromEntries(
    scenario.devices.map(({ device }) => [
      device,
      turns
        .filter((turn) => turn.device === device)
        .flatMap((turn) => turn.messages.flat())
        .map((reading) => reading.measuredAt)
        .sort((a, b) => a - b),
    ]),
  );
}

const momentsOf = (
  samples: ReadonlyMap<string, readonly Sample[]>,
): Record<string, readonly number[]> =>
  Object.fromEntries([...samples].map(([device, all]) => [device, all.map(({ at }) => at)]));

const recent = (lasts: number): number => Math.floor((Date.now() - lasts) / 1_000) * 1_000;

describe("a fleet over MQTT", () => {
  it("delivers every reading of every device under its own name and topic", async () => {
    const lasts = 120 * MINUTE_MS;
    const start = recent(lasts);
    const end = await runFleet(runOf({ start, lasts }));
    expect(momentsOf(samplesByDevice(received))).toEqual(
      measured(scenarioOf("calm-day"), start, lasts),
    );
    expect(end).toMatchObject({
      phase: "ended",
      devices: 5,
      connected: 0,
      pending: 0,
      dropped: 0,
      acked: 600,
    });
  });

  it("sends again after lost connections until all is acknowledged, and enters each message into the ledger once", async () => {
    const lasts = 60 * MINUTE_MS;
    const start = recent(lasts);
    const counts = new Map<string, number>();
    refuses = ({ id }) => {
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return count === 7 || count === 40;
    };
    const ledger = new Map<string, SimulatedReading[]>();
    const scenario = scenarioOf("calm-day");
    await runFleet(
      runOf({
        start,
        lasts,
        onAcked: (device, readings) => {
          ledger.set(device, [...(ledger.get(device) ?? []), ...readings]);
        },
      }),
    );
    expect(Math.min(...counts.values())).toBeGreaterThan(40);
    const acked = Object.fromEntries(
      [...ledger].map(([device, all]) => [
        device,
        all.map((r) => r.measuredAt).sort((a, b) => a - b),
      ]),
    );
    expect(acked).toEqual(measured(scenario, start, lasts));
    expect(momentsOf(samplesByDevice(received))).toEqual(acked);
  });

  it("hands over what was stored in a tunnel, though the run ends in it", async () => {
    const scenario = scenarioOf("truck-tunnel");
    const lasts = 14 * 60 * MINUTE_MS;
    const start = recent(lasts);
    await runFleet(runOf({ scenario, start, lasts }));
    expect(momentsOf(samplesByDevice(received))).toEqual(measured(scenario, start, lasts));
  });

  it("hands over a history first, in batches, with no gap up to the present", async () => {
    const scenario = scenarioOf("demo");
    const lasts = MINUTE_MS;
    const start = recent(lasts);
    const history = { lasts: 10 * 60 * MINUTE_MS, cadence: MINUTE_MS };
    await runFleet(runOf({ scenario, start, lasts, history }));
    const samples = samplesByDevice(received);
    expect(samples.size).toBe(16);
    for (const [device, all] of samples) {
      expect(all[0]?.at).toBeLessThan(start - history.lasts + MINUTE_MS);
      const gaps = all
        .map(({ at }, i) => at - (all[i - 1]?.at ?? at))
        .filter((gap) => gap > 90_000);
      // The dairy truck's box had no power for 45 minutes.
      expect(gaps).toHaveLength(device === "truck-l2718-body-a" ? 1 : 0);
    }
    expect(received.length).toBeLessThan(16 * 20);
  });

  it("never measures ahead of the present, however fast", async () => {
    const start = recent(10 * MINUTE_MS);
    const seen: FleetProgress[] = [];
    const stop = new AbortController();
    await runFleet(
      runOf({
        scenario: scenarioOf("demo"),
        start,
        signal: stop.signal,
        onProgress: (progress) => {
          seen.push(progress);
          if (progress.phase === "live" && progress.acked > 0) stop.abort();
        },
      }),
    );
    const newest = Math.max(...[...samplesByDevice(received).values()].flat().map(({ at }) => at));
    expect(newest).toBeLessThanOrEqual(Date.now());
    expect(seen.at(-1)?.phase).toBe("ended");
  });

  it("stops when told to, with what was not acknowledged still pending", async () => {
    refuses = () => true;
    const stop = new AbortController();
    const start = recent(60 * MINUTE_MS);
    const end = await runFleet(
      runOf({
        start,
        lasts: 60 * MINUTE_MS,
        signal: stop.signal,
        onError: () => stop.abort(),
        onProgress: ({ pending }) => pending > 0 && stop.abort(),
      }),
    );
    expect(end.acked).toBe(0);
    expect(end.pending).toBeGreaterThan(0);
    expect(end.connected).toBe(0);
  });

  it("says so when a device is refused, and goes on trying", async () => {
    const stop = new AbortController();
    let refusals = 0;
    await runFleet(
      runOf({
        credentials: ({ device }) => ({ username: device, password: "wrong" }),
        signal: stop.signal,
        onError: () => {
          refusals += 1;
          // Five devices; the sixth refusal is somebody's second.
          if (refusals > 5) stop.abort();
        },
      }),
    );
    expect(refusals).toBeGreaterThan(5);
    expect(received).toEqual([]);
  });
});
