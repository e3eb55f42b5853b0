import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, parser, type IConnectPacket, type Packet } from "mqtt-packet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CountingDevice } from "../support/counting-device.ts";
import { Admin, startServer, type ServerProcess } from "../support/server-process.ts";
import type { Credentials } from "../support/truck.ts";

// The real server over real MQTT. Whatever one device sends, its neighbour is heard in the same moment, and no device that
// repeats what was not acknowledged repeats it for ever.

const ORGANISATION = "acme";
const HOUR_AGO = Date.now() - 3_600_000;

const dir = mkdtempSync(join(tmpdir(), "unbroken-bad-input-"));
let server: ServerProcess;
let admin: Admin;
let neighbour: CountingDevice;
let hostile: Credentials;
let neighbourSaid = 0;

beforeAll(async () => {
  server = await startServer(dir, { mqtt: "127.0.0.1:0", http: "127.0.0.1:0" });
  admin = new Admin(server.ready.http, server.ready.token ?? "");
  neighbour = await connected("neighbour");
  hostile = await register("hostile");
}, 60_000);
afterAll(async () => {
  await neighbour.end();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

let neighbourHeard: Promise<number>;
beforeEach(() => {
  neighbourHeard = say();
});
afterEach(async () => {
  const at = await neighbourHeard;
  const stored = await eventually(async () => {
    const found = await readingsOf("neighbour", at);
    return found.length > 0 ? found : null;
  });
  expect(stored, "what the neighbour said meanwhile").toHaveLength(1);
  expect(neighbour.connections, "connections of the neighbour").toBe(1);
});

/** The neighbour publishes; resolves when it was acknowledged. */
async function say(): Promise<number> {
  neighbourSaid += 1;
  const at = HOUR_AGO + neighbourSaid * 1_000;
  await neighbour.publish(JSON.stringify({ measured_at: at, temperature_c: 4 }));
  return at;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const batchOf = (n: number): Buffer =>
  json({
    readings: Array.from({ length: n }, (_, i) => ({
      measured_at: HOUR_AGO - i * 1_000,
      temperature_c: 4 + (i % 10) / 10,
    })),
  });

/** What is sent, how many readings count, and what the quarantine says of the rest: code and place. */
const rows: readonly (readonly [
  title: string,
  payload: Buffer,
  readings: number,
  quarantined: readonly string[],
])[] = [
  ["nothing at all", Buffer.alloc(0), 0, ["UB_PAYLOAD_NOT_JSON"]],
  [
    "bytes that are not UTF-8",
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    0,
    ["UB_PAYLOAD_NOT_UTF8"],
  ],
  ["text that is not JSON", Buffer.from("temperature=4.2"), 0, ["UB_PAYLOAD_NOT_JSON"]],
  ["a JSON document cut short", Buffer.from('{"temperature_c": 4.'), 0, ["UB_PAYLOAD_NOT_JSON"]],
  [
    "a temperature that is text",
    json({ temperature_c: "4.2" }),
    0,
    ["UB_PAYLOAD_SHAPE /temperature_c"],
  ],
  [
    "a temperature that is an object",
    json({ temperature_c: { value: 4 } }),
    0,
    ["UB_PAYLOAD_SHAPE /temperature_c"],
  ],
  ["a number alone", Buffer.from("4.2"), 0, ["UB_PAYLOAD_NOT_JSON"]],
  ["NaN in JSON", Buffer.from('{"temperature_c": NaN}'), 0, ["UB_PAYLOAD_NOT_JSON"]],
  // {"temperature_c": NaN}: a dead probe, which is evidence, not an error.
  ["NaN in CBOR", Buffer.from("a16d74656d70657261747572655f63f97e00", "hex"), 1, []],
  ["1e308 °C", Buffer.from('{"temperature_c": 1e308}'), 0, ["UB_VALUE_RANGE /temperature_c"]],
  ["1e400 °C", Buffer.from('{"temperature_c": 1e400}'), 0, ["UB_VALUE_RANGE /temperature_c"]],
  [
    "the year 1970",
    json({ temperature_c: 4, measured_at: "1970-01-01T00:00:00Z" }),
    0,
    ["UB_TIME_TOO_EARLY /measured_at"],
  ],
  [
    "seconds instead of milliseconds",
    json({ temperature_c: 4, measured_at: Math.floor(HOUR_AGO / 1_000) }),
    0,
    ["UB_TIME_TOO_EARLY /measured_at"],
  ],
  [
    "the year 2100",
    json({ temperature_c: 4, measured_at: "2100-01-01T00:00:00Z" }),
    0,
    ["UB_TIME_IN_FUTURE /measured_at"],
  ],
  ["100,000 lists in each other", Buffer.from("[".repeat(100_000)), 0, ["UB_PAYLOAD_TOO_DEEP"]],
  [
    "100,000 objects in each other",
    Buffer.from('{"a":'.repeat(100_000)),
    0,
    ["UB_PAYLOAD_TOO_DEEP"],
  ],
  ["100,000 CBOR lists in each other", Buffer.alloc(100_000, 0x81), 0, ["UB_PAYLOAD_TOO_DEEP"]],
  [
    "a key twice",
    Buffer.from('{"temperature_c": 4, "temperature_c": 40}'),
    0,
    ["UB_PAYLOAD_DUPLICATE_KEY /temperature_c"],
  ],
  [
    "__proto__",
    Buffer.from('{"temperature_c": 4, "__proto__": {"x": 1}}'),
    0,
    ["UB_PAYLOAD_SHAPE /__proto__"],
  ],
  ["10,000 readings", batchOf(10_000), 10_000, []],
  ["10,001 readings", batchOf(10_001), 0, ["UB_BATCH_TOO_LONG /readings"]],
  [
    "a batch with one bad reading",
    json({
      readings: [
        { measured_at: HOUR_AGO, temperature_c: 4 },
        { measured_at: HOUR_AGO + 1_000, temperature_c: 4_000 },
        { measured_at: HOUR_AGO + 2_000, temperature_c: 5 },
      ],
    }),
    2,
    ["UB_VALUE_RANGE /readings/1/temperature_c"],
  ],
];

const senders: CountingDevice[] = [];
afterAll(() => Promise.all(senders.map((sender) => sender.end())));

describe("what cannot be understood is acknowledged once, kept and shown", () => {
  it.each(rows)("%s", { timeout: 60_000 }, async (title, payload, readings, quarantined) => {
    const name = `sender-${rows.findIndex(([other]) => other === title)}`;
    const sender = await connected(name);
    senders.push(sender);
    await sender.publish(payload);
    const kept = await eventually(async () => {
      const all = await quarantineOf(name);
      return all.length >= quarantined.length ? all : null;
    });
    expect(kept.map(({ code, pointer }) => `${String(code)} ${String(pointer)}`.trim())).toEqual(
      quarantined,
    );
    if (quarantined.length > 0) {
      const shown = Buffer.from(String(kept[0]?.["payload_base64"]), "base64");
      expect(shown.equals(payload.subarray(0, 4_096)), "shown as it came").toBe(true);
    }
    const stored = await eventually(async () => {
      const found = await readingsOf(name);
      return found.length >= readings ? found : null;
    });
    expect(stored.length).toBe(readings);
  });

  it("and no sender sent anything a second time", () => {
    expect(senders).toHaveLength(rows.length);
    expect(
      senders.map(({ sent, acknowledged, connections }) => [sent, acknowledged, connections]),
    ).toEqual(senders.map(() => [1, 1, 1]));
  });
});

/** What a raw connection says after it was accepted as `hostile`, and how it ends: with no PUBACK in any case. */
const cut: readonly (readonly [title: string, packet: Packet | Buffer])[] = [
  ["an empty MQTT topic", publishTo("")],
  ["# as MQTT topic", publishTo("#")],
  ["the MQTT topic of another device", publishTo(`unbroken/v1/${ORGANISATION}/neighbour/up`)],
  ["the MQTT topic of another organisation", publishTo("unbroken/v1/rival/hostile/up")],
  ["a packet announced with 256 MiB", Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])],
];

describe("who is not understood or not allowed is cut, and nothing of it is stored", () => {
  it.each(cut)("%s: no PUBACK, the connection ends", async (_, packet) => {
    const { username, password } = hostile;
    const heard = await talk([
      { ...CONNECT, clientId: "hostile", username, password: Buffer.from(password) },
      packet,
    ]);
    expect(heard).toEqual(["connack 0"]);
    expect(await readingsOf("hostile")).toEqual([]);
    expect(await quarantineOf("hostile")).toEqual([]);
    // Neither under the name that it gave itself.
    const others = await readingsOf("neighbour");
    expect(others.filter(({ value }) => value === HOSTILE_C)).toEqual([]);
  });

  it.each<readonly [string, Partial<IConnectPacket>, readonly string[]]>([
    [
      "an unknown device",
      { username: `${ORGANISATION}/nobody`, password: Buffer.from("x") },
      ["connack 4"],
    ],
    [
      "a known device with another's secret",
      { username: `${ORGANISATION}/neighbour`, password: Buffer.from("x") },
      ["connack 4"],
    ],
    ["no name at all", {}, ["connack 5"]],
  ])("%s is refused before it can publish", async (_, fields, expected) => {
    const topic = `unbroken/v1/${ORGANISATION}/neighbour/up`;
    expect(await talk([{ ...CONNECT, ...fields }, publishTo(topic)])).toEqual(expected);
    expect(await quarantineOf("nobody")).toEqual([]);
  });

  it("a packet announced with 256 MiB before CONNECT is cut without an answer", async () => {
    const announced = Buffer.concat([
      Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]),
      Buffer.alloc(60_000),
    ]);
    expect(await talk([announced])).toEqual([]);
  });

  it("and all of it was counted by its code", async () => {
    const response = await fetch(`${server.ready.http}/metrics`, {
      headers: { authorization: `Bearer ${server.ready.token ?? ""}` },
    });
    const text = await response.text();
    const counted = [...text.matchAll(/^unbroken_gateway_refused_total\{code="(\w+)"\} (\d+)$/gm)];
    expect(Object.fromEntries(counted.map(([, code, n]) => [code, Number(n)]))).toEqual({
      UB_AUTH_FAILED: 2,
      UB_AUTH_REQUIRED: 1,
      UB_FORBIDDEN_TOPIC: 4,
      UB_PAYLOAD_TOO_LARGE: 2,
    });
  });
});

/** Written by whoever publishes where it may not, and by nobody else. */
const HOSTILE_C = 66;
const CONNECT: IConnectPacket = {
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 4,
  clean: true,
  clientId: "raw",
  keepalive: 60,
};

function publishTo(topic: string): Buffer {
  const name = Buffer.from(topic);
  const payload = json({ temperature_c: 66 });
  const body = Buffer.concat([
    Buffer.from([name.length >> 8, name.length & 0xff]),
    name,
    Buffer.from([0, 1]),
    payload,
  ]);
  // By hand: the library refuses to write some of these.
  return Buffer.concat([Buffer.from([0x32, body.length]), body]);
}

/** Says all of it in one breath; resolves with what came back when the other side has ended the connection. */
async function talk(packets: readonly (Packet | Buffer)[]): Promise<readonly string[]> {
  const { hostname, port } = new URL(server.ready.mqtt);
  const socket = connectSocket({ host: hostname, port: Number(port) });
  const heard: string[] = [];
  const parse = parser();
  parse.on("packet", (packet) => {
    heard.push(packet.cmd === "connack" ? `connack ${packet.returnCode ?? ""}` : packet.cmd);
  });
  socket.on("data", (bytes) => parse.parse(bytes));
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(
    Buffer.concat(packets.map((each) => (each instanceof Uint8Array ? each : generate(each)))),
  );
  await closed;
  return heard;
}

async function register(device: string): Promise<Credentials> {
  const path = `organisations/${ORGANISATION}/devices/${device}`;
  return (await admin.request("POST", path, { space: `room-of-${device}` })) as Credentials;
}

async function connected(device: string): Promise<CountingDevice> {
  return CountingDevice.connect(server.ready.mqtt, await register(device));
}

type Row = Readonly<Record<string, unknown>>;

function readingsOf(device: string, at: number | null = null): Promise<readonly Row[]> {
  const span =
    at === null ? "" : `&from=${new Date(at).toISOString()}&to=${new Date(at + 1).toISOString()}`;
  return admin.all(`readings?organisation=${ORGANISATION}&device=${device}${span}`);
}

/** In the order in which they were refused. */
async function quarantineOf(device: string): Promise<readonly Row[]> {
  const all = await admin.all(`quarantine?organisation=${ORGANISATION}`);
  return all.filter(({ publisher }) => publisher === device).reverse();
}

/** Acknowledged is stored; that it is also judged and shown takes a moment. */
async function eventually<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await attempt();
    if (found !== null) return found;
    if (tries > 400) throw new Error("not there within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
