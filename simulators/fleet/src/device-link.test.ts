import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeviceLink, PENDING_READINGS_MAX } from "./device-link.ts";
import { Prng } from "./prng.ts";
import type { SimulatedReading } from "./reading.ts";

let broker: Aedes;
let server: Server;
let sockets: Set<Socket>;
let link: DeviceLink;
let acked: number[];
let onAcked: () => void;

const reading = (seq: number): SimulatedReading => ({
  measuredAt: seq,
  milli: 4_000,
  humidityMilli: null,
  batteryMilli: null,
  boot: 1,
  seq,
});

beforeEach(async () => {
  broker = await Aedes.createBroker();
  sockets = new Set();
  server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  acked = [];
  onAcked = () => undefined;
  link = new DeviceLink({
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { username: "o/d", password: "" },
    topic: "unbroken/v1/o/d/up",
    timeFormat: "epoch-ms",
    prng: Prng.ofStream(1, "link"),
    onAcked: (readings) => {
      acked.push(...readings.map(({ seq }) => seq));
      onAcked();
    },
    onError: () => undefined,
  });
});

afterEach(async () => {
  await link.close();
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((done) => broker.close(done));
  await new Promise<void>((done) => server.close(() => done()));
});

const allAcked = (count: number): Promise<void> =>
  new Promise((done) => {
    onAcked = () => {
      if (acked.length >= count) done();
    };
  });

describe("a device's link", () => {
  it("has no connection while it is down, and sends what waited once it is up again", async () => {
    const first = allAcked(1);
    link.send([reading(1)]);
    expect(link.isConnected).toBe(false);
    link.up();
    await first;
    expect(broker.connectedClients).toBe(1);

    const gone = once(broker, "clientDisconnect");
    link.down();
    await gone;
    link.send([reading(2), reading(3)]);
    expect(link.pending).toBe(2);
    expect(broker.connectedClients).toBe(0);

    const all = allAcked(3);
    link.up();
    await all;
    expect(acked).toEqual([1, 2, 3]);
    expect(link.pending).toBe(0);
  });

  it("comes back by itself when the connection was cut", async () => {
    link.up();
    await once(broker, "clientReady");
    const again = once(broker, "clientReady");
    for (const socket of sockets) socket.destroy();
    await again;
    const all = allAcked(1);
    link.send([reading(1)]);
    await all;
    expect(acked).toEqual([1]);
  });

  it("drops the oldest beyond its memory, and counts them", () => {
    const batch = Array.from({ length: 1_000 }, (_, i) => reading(i));
    for (let i = 0; i < PENDING_READINGS_MAX / 1_000 + 2; i += 1) link.send(batch);
    expect(link.pending).toBe(PENDING_READINGS_MAX);
    expect(link.dropped).toBe(2_000);
  });
});
