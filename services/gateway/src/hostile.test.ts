import { connect } from "node:net";
import { generate, type IPublishPacket } from "mqtt-packet";
import type { MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseListenAddress } from "./listen-address.ts";
import { connectPacket, connectRaw, type RawClient } from "./testing/raw-client.ts";
import { runGateway, type Device, type RunningGateway } from "./testing/running-gateway.ts";

let running: RunningGateway;
let hostile: Device;
let good: Device;
let neighbour: MqttClient;
beforeAll(async () => {
  running = await runGateway({ connectTimeout: "PT1S", keepaliveMax: "PT1S" });
  hostile = await running.register("acme", "hostile");
  good = await running.register("acme", "good");
  neighbour = await running.connect(good, { keepalive: 1 });
});
afterAll(() => running.stop());

let refusedBefore: number;
beforeEach(async () => {
  refusedBefore = await running.metric("unbroken_gateway_refused_total");
});
// Whatever one client did, its neighbour's connection is the same one as at first, and its messages are stored.
afterEach(async () => {
  await neighbour.publishAsync(good.topic, "still here", { qos: 1 });
  expect(neighbour.connected).toBe(true);
});

describe("before CONNECT", () => {
  it("a packet announced with 268,435,455 bytes is cut at once and takes no memory", async () => {
    const clients = await Promise.all(
      Array.from({ length: 50 }, () => connectRaw(running.addresses.plain)),
    );
    const before = process.memoryUsage().rss;
    const cutAfter = await Promise.all(
      clients.map(async (client) => {
        const from = performance.now();
        client.send(
          Buffer.concat([Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(60_000)]),
        );
        await client.ended();
        return (client.endedAt() ?? 0) - from;
      }),
    );
    // A bound of another order than the 10 s that an honest slow CONNECT may take.
    expect(Math.max(...cutAfter)).toBeLessThan(1_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
    expect(await running.metric("unbroken_gateway_refused_total", "UB_PAYLOAD_TOO_LARGE")).toBe(50);
  });

  it.each<readonly [string, readonly number[], string]>([
    ["a CONNECT larger than connectBytesMax", [0x10, 0x81, 0x10], "UB_PAYLOAD_TOO_LARGE"],
    ["a remaining length of five bytes", [0x10, 0x80, 0x80, 0x80, 0x80, 0x01], "UB_MQTT_PROTOCOL"],
    ["HTTP", [...Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n")], "UB_MQTT_PROTOCOL"],
    ["a PUBLISH", [0x30, 0x03, 0x00, 0x01, 0x61], "UB_MQTT_PROTOCOL"],
    ["a PINGREQ", [0xc0, 0x00], "UB_MQTT_PROTOCOL"],
    ["the reserved type 0", [0x00, 0x00], "UB_MQTT_PROTOCOL"],
    ["a CONNECT without a body", [0x10, 0x00], "UB_MQTT_PROTOCOL"],
    [
      "a CONNECT of another protocol",
      [0x10, 0x06, 0x00, 0x04, 0x48, 0x54, 0x54, 0x50],
      "UB_MQTT_PROTOCOL",
    ],
  ])("%s ends the connection and is counted", async (_, bytes, code) => {
    const before = await running.metric("unbroken_gateway_refused_total", code);
    const client = await connectRaw(running.addresses.plain);
    client.send(Uint8Array.from(bytes));
    await client.ended();
    await expect
      .poll(() => running.metric("unbroken_gateway_refused_total", code))
      .toBe(before + 1);
  });

  it("a CONNECT that comes byte by byte, for longer than connectTimeout, is not waited for", async () => {
    const client = await connectRaw(running.addresses.plain);
    const bytes = generate(connectPacket({ clientId: "a".repeat(100) }));
    let at = 0;
    const dripping = setInterval(() => {
      client.socket.write(bytes.subarray(at, ++at));
    }, 100);
    await client.ended();
    clearInterval(dripping);
    expect(await running.metric("unbroken_gateway_refused_total", "UB_MQTT_TIMEOUT")).toBe(1);
  });

  it("what follows CONNECT in the same breath is heard once CONNECT is accepted", async () => {
    const client = await connectRaw(running.addresses.plain);
    const payload = Buffer.alloc(20_000, 1);
    client.send(
      Buffer.concat([
        generate(connectPacket(credentials())),
        generate(publishPacket({ payload, messageId: 1 })),
        generate(publishPacket({ payload, messageId: 2 })),
      ]),
    );
    await client.next("connack");
    expect((await client.next("puback")).messageId).toBe(1);
    expect((await client.next("puback")).messageId).toBe(2);
    client.socket.destroy();
  });

  it("what follows a CONNECT that is refused is not heard", async () => {
    const before = (await running.messages()).length;
    const client = await connectRaw(running.addresses.plain);
    client.send(
      Buffer.concat([
        generate(connectPacket({ ...credentials(), password: Buffer.from("guess") })),
        generate(publishPacket({ messageId: 1 })),
      ]),
    );
    await client.ended();
    expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack"]);
    expect((await running.messages()).length).toBe(before);
  });
});

describe("a device that publishes elsewhere", () => {
  const own = "unbroken/v1/acme/hostile/up";
  it.each<readonly [string, string | Buffer]>([
    ["#", "#"],
    ["+", "+"],
    ["a wildcard in its own name", "unbroken/v1/acme/+/up"],
    ["everything below its own", `${own}/#`],
    ["nothing", ""],
    ["another device's", "unbroken/v1/acme/good/up"],
    ["another organisation's", "unbroken/v1/rival/hostile/up"],
    ["its own down", "unbroken/v1/acme/hostile/down"],
    ["its own with a level more", `${own}/up`],
    ["its own with a slash before", `/${own}`],
    ["its own with a slash behind", `${own}/`],
    ["its own in other letters", own.toUpperCase()],
    ["its own with a zero byte behind", `${own}\0`],
    ["its own with a step back", "unbroken/v1/acme/good/../hostile/up"],
    ["$SYS", "$SYS/broker/uptime"],
    ["$share", `$share/group/${own}`],
    ["65,535 bytes", "a".repeat(65_535)],
    ["10,000 levels", "a/".repeat(10_000)],
    ["99 levels", "a/".repeat(98) + "a"],
    ["bytes that are not UTF-8", Buffer.concat([Buffer.from(own), Buffer.from([0xc3, 0x28])])],
    ["a surrogate", Buffer.concat([Buffer.from(own), Buffer.from([0xed, 0xa0, 0x80])])],
  ])("%s: no PUBACK, nothing stored, the connection ends, counted", async (_, topic) => {
    const stored = (await running.messages()).length;
    const before = await running.metric("unbroken_gateway_refused_total", "UB_FORBIDDEN_TOPIC");
    const client = await connected();
    client.send(publishTo(Buffer.from(topic)));
    await client.ended();
    expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack"]);
    expect((await running.messages()).length).toBe(stored);
    expect(await running.metric("unbroken_gateway_refused_total", "UB_FORBIDDEN_TOPIC")).toBe(
      before + 1,
    );
  });
});

describe("a device that subscribes", () => {
  it("is granted its own down, and answered 0x80 for anything else", async () => {
    const client = await connected();
    const filters = [
      "unbroken/v1/acme/hostile/down",
      "#",
      "+",
      "+/+/+/+/+",
      "$SYS/#",
      "$share/group/unbroken/v1/acme/hostile/down",
      "unbroken/v1/acme/hostile/up",
      "unbroken/v1/acme/+/down",
      "unbroken/v1/acme/good/down",
      "unbroken/v1/acme/hostile/down/#",
    ];
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 as const }));
    client.send({ cmd: "subscribe", messageId: 1, subscriptions });
    expect((await client.next("suback")).granted).toEqual([1, ...filters.slice(1).map(() => 0x80)]);
    client.socket.destroy();
  });

  it("hears nothing of what others publish", async () => {
    const client = await connected();
    client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 1 }] });
    await client.next("suback");
    await neighbour.publishAsync(good.topic, "secret", { qos: 1, retain: true });
    client.send({ cmd: "pingreq" });
    await client.next("pingresp");
    expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack", "suback", "pingresp"]);
    client.socket.destroy();
  });

  it("with more filters than fit in connectBytesMax is cut", async () => {
    const client = await connected();
    const subscriptions = Array.from({ length: 1_000 }, (_, i) => ({
      topic: `t/${i}`,
      qos: 0 as const,
    }));
    client.send({ cmd: "subscribe", messageId: 1, subscriptions });
    await client.ended();
    expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack"]);
  });
});

describe("after CONNECT", () => {
  it.each<readonly [string, Uint8Array, string]>([
    [
      "a packet larger than packetBytesMax",
      Uint8Array.of(0x32, 0x80, 0x80, 0x80, 0x01),
      "UB_PAYLOAD_TOO_LARGE",
    ],
    [
      "a remaining length of five bytes",
      Uint8Array.of(0x32, 0xff, 0xff, 0xff, 0xff, 0x01),
      "UB_MQTT_PROTOCOL",
    ],
    ["a second CONNECT", generate(connectPacket()), "UB_MQTT_PROTOCOL"],
    [
      "a PUBLISH of QoS 3",
      Uint8Array.of(0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01),
      "UB_MQTT_PROTOCOL",
    ],
    ["a SUBSCRIBE without filters", Uint8Array.of(0x82, 0x02, 0x00, 0x01), "UB_MQTT_PROTOCOL"],
  ])("%s ends the connection and is counted", async (_, bytes, code) => {
    const before = await running.metric("unbroken_gateway_refused_total", code);
    const client = await connected();
    client.send(bytes);
    await client.ended();
    await expect
      .poll(() => running.metric("unbroken_gateway_refused_total", code))
      .toBe(before + 1);
  });

  it("silence longer than keepaliveMax allows ends the connection, whatever it asked for", async () => {
    const before = await running.metric("unbroken_gateway_refused_total", "UB_MQTT_TIMEOUT");
    const client = await connected({ keepalive: 0 });
    const long = await connected({ keepalive: 65_535, clientId: "long" });
    await Promise.all([client.ended(), long.ended()]);
    await expect
      .poll(() => running.metric("unbroken_gateway_refused_total", "UB_MQTT_TIMEOUT"))
      .toBe(before + 2);
  });

  it("a client that never reads its acknowledgements does not slow its neighbour", async () => {
    const frozen = connect(parseListenAddress(running.addresses.plain));
    frozen.on("error", () => undefined);
    frozen.pause();
    frozen.write(generate(connectPacket(credentials())));
    for (let id = 1; id <= 2_000; id++) frozen.write(generate(publishPacket({ messageId: id })));
    for (let n = 0; n < 50; n++) await neighbour.publishAsync(good.topic, String(n), { qos: 1 });
    frozen.destroy();
  });

  it("a client that leaves in the middle of a packet leaves nothing behind", async () => {
    const open = running.gateway.health().connections;
    const stored = (await running.messages()).length;
    const client = await connected();
    client.send(
      generate(publishPacket({ messageId: 1, payload: Buffer.alloc(10_000) })).subarray(0, 5_000),
    );
    client.socket.end();
    await client.ended();
    await expect.poll(() => running.gateway.health().connections).toBe(open);
    expect((await running.messages()).length).toBe(stored);
    expect(await running.metric("unbroken_gateway_refused_total")).toBe(refusedBefore);
  });
});

async function connected(fields: Parameters<typeof connectPacket>[0] = {}): Promise<RawClient> {
  const client = await connectRaw(running.addresses.plain);
  client.send(connectPacket({ ...credentials(), ...fields }));
  expect((await client.next("connack")).returnCode).toBe(0);
  return client;
}

function credentials(): { username: string; password: Buffer } {
  return { username: hostile.username, password: Buffer.from(hostile.password) };
}

function publishPacket(fields: Partial<IPublishPacket>): IPublishPacket {
  return {
    cmd: "publish",
    topic: hostile.topic,
    payload: Buffer.from("4.2"),
    qos: 1,
    dup: false,
    retain: false,
    ...fields,
  };
}

/** A PUBLISH of QoS 1 by hand: no library writes these topics. */
function publishTo(topic: Buffer): Buffer {
  const body = Buffer.concat([
    Buffer.from([topic.length >> 8, topic.length & 0xff]),
    topic,
    Buffer.from([0x00, 0x01]),
    Buffer.from("4.2"),
  ]);
  const length: number[] = [];
  for (let rest = body.length; length.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
  return Buffer.concat([Buffer.from([0x32, ...length]), body]);
}
