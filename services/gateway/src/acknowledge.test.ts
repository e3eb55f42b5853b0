import { UnbrokenError } from "@unbroken/errors";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { connectPacket, connectRaw, type RawClient } from "./testing/raw-client.ts";
import { runGateway, type Device, type RunningGateway } from "./testing/running-gateway.ts";

let running: RunningGateway;
afterEach(() => running.stop());

describe("a PUBACK means that the message is on stable storage", () => {
  it("comes after the log has taken the message, and not before", async () => {
    const [device, client] = await start();
    running.log.shut();
    publish(client, device, "4.2", 1);
    await expect.poll(() => running.log.groups.length).toBe(1);
    await silence(client);
    expect(await payloads()).toEqual([]);
    running.log.open();
    expect((await client.next("puback")).messageId).toBe(1);
    expect(await payloads()).toEqual(["4.2"]);
  });

  it("comes in the order of the messages, 10,000 of them sent without waiting", async () => {
    const [device, client] = await start({ messagesBurstPerDevice: 20_000 });
    const count = 10_000;
    for (let id = 1; id <= count; id++) publish(client, device, String(id), id);
    const acknowledged: (number | undefined)[] = [];
    while (acknowledged.length < count) acknowledged.push((await client.next("puback")).messageId);
    const expected = Array.from({ length: count }, (_, i) => i + 1);
    expect(acknowledged).toEqual(expected);
    expect(await payloads()).toEqual(expected.map(String));
    // Joined, or each would pay for its own flush.
    expect(running.log.groups.length).toBeLessThan(count / 10);
    expect(await running.metric("unbroken_gateway_messages_total")).toBe(count);
  });

  it("is given once the log recovers from a full disk", async () => {
    const [device, client] = await start();
    const other = await connected(device, "other");
    running.log.refuseWith = new UnbrokenError("UB_LOG_FULL");
    for (let id = 1; id <= 3; id++) publish(client, device, String(id), id);
    await expect.poll(() => running.gateway.health().log).toBe("full");
    expect(running.gateway.health().oldestUnacknowledgedMs).toBeGreaterThan(0);
    await silence(client);
    // Right after it was refused once more, so that the new message comes before the next attempt.
    const asked = running.log.groups.length;
    while (running.log.groups.length === asked)
      await new Promise((resolve) => setImmediate(resolve));
    running.log.refuseWith = null;
    publish(other, device, "4", 4);
    for (let id = 1; id <= 3; id++) expect((await client.next("puback")).messageId).toBe(id);
    expect((await other.next("puback")).messageId).toBe(4);
    // What came when there was room again is not stored before what had waited for it.
    expect(await payloads()).toEqual(["1", "2", "3", "4"]);
    expect(running.gateway.health()).toMatchObject({ log: "ok", oldestUnacknowledgedMs: 0 });
  });

  it.each(["UB_LOG_FULL", "UB_LOG_BUSY"] as const)(
    "is not given while the log answers %s: after holdMax the connection ends",
    async (code) => {
      const [device, client] = await start({ holdMax: "PT0.5S" });
      running.log.refuseWith = new UnbrokenError(code);
      publish(client, device, "4.2", 1);
      await client.ended();
      expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack"]);
      expect(await payloads()).toEqual([]);
      expect(await running.metric("unbroken_gateway_refused_total", code)).toBe(1);
      running.log.refuseWith = null;
      const again = await connected(device);
      publish(again, device, "4.2", 1);
      await again.next("puback");
    },
  );

  it("is not given for a log that does not answer: after holdMax the connection ends", async () => {
    const [device, client] = await start({ holdMax: "PT0.5S" });
    running.log.shut();
    publish(client, device, "4.2", 1);
    await client.ended();
    expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack"]);
    expect(await running.metric("unbroken_gateway_refused_total", "UB_LOG_APPEND")).toBe(1);
  });

  it("is never given again after the disk failed: every connection ends and the process is told", async () => {
    const [device, client] = await start();
    const bystander = await connected(device, "bystander");
    const failure = new UnbrokenError("UB_STORE_IO");
    running.log.refuseWith = failure;
    publish(client, device, "4.2", 1);
    await client.ended();
    await bystander.ended();
    expect(client.received.map(({ cmd }) => cmd)).toEqual(["connack"]);
    expect(running.fatal).toEqual([failure]);
    expect(running.gateway.health().log).toBe("failed");
    // Also when the disk would answer again: what it lost is not known before a restart has looked.
    running.log.refuseWith = null;
    const late = await connectRaw(running.addresses.plain);
    late.send(connectPacket(credentials(device)));
    expect((await late.next("connack")).returnCode).toBe(3);
  });

  it("is given for what was on its way when the gateway stops", async () => {
    const [device, client] = await start();
    running.log.shut();
    publish(client, device, "4.2", 1);
    await expect.poll(() => running.log.groups.length).toBe(1);
    const stopped = running.gateway.stop();
    running.log.open();
    expect((await client.next("puback")).messageId).toBe(1);
    await client.ended();
    await stopped;
    expect(await payloads()).toEqual(["4.2"]);
  });
});

describe("what a device sends is stored as it came", () => {
  it.each<readonly [string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["one zero byte", Uint8Array.of(0)],
    ["bytes that are not UTF-8", Uint8Array.of(0xff, 0xfe, 0xc0, 0x80)],
    ["text that is not JSON", Buffer.from('{"temperature_c":')],
    ["half a megabyte", Buffer.alloc(524_288, 0xab)],
  ])("also if it is %s", async (_, payload) => {
    const [device, client] = await start();
    publish(client, device, payload, 1);
    await client.next("puback");
    const [message] = await running.messages();
    expect(message?.publisher).toBe("probe-1");
    expect(message?.mqttTopic).toBe(device.topic);
    expect(Buffer.from(message?.payload ?? []).equals(payload)).toBe(true);
  });

  it("also with QoS 0, which asks for no acknowledgement", async () => {
    const [device, client] = await start();
    client.send({
      cmd: "publish",
      topic: device.topic,
      payload: "0",
      qos: 0,
      dup: false,
      retain: false,
    });
    publish(client, device, "1", 1);
    await client.next("puback");
    expect(await payloads()).toEqual(["0", "1"]);
  });

  it("also with QoS 2: PUBREC comes after the log has it", async () => {
    const [device, client] = await start();
    running.log.shut();
    client.send({
      cmd: "publish",
      topic: device.topic,
      payload: "2",
      qos: 2,
      messageId: 7,
      dup: false,
      retain: false,
    });
    await expect.poll(() => running.log.groups.length).toBe(1);
    await silence(client);
    running.log.open();
    expect((await client.next("pubrec")).messageId).toBe(7);
    expect(await payloads()).toEqual(["2"]);
    client.send({ cmd: "pubrel", messageId: 7 });
    expect((await client.next("pubcomp")).messageId).toBe(7);
  });

  it("also 5,000 messages of QoS 2 that are sent without waiting", async () => {
    const device = await registered({ messagesBurstPerDevice: 20_000 });
    const client = await connectAsync(`mqtt://${running.addresses.plain}`, {
      username: device.username,
      password: device.password,
      reconnectPeriod: 0,
    });
    const sent = Array.from({ length: 5_000 }, (_, i) => String(i));
    await Promise.all(sent.map((text) => client.publishAsync(device.topic, text, { qos: 2 })));
    expect(await payloads()).toEqual(sent);
    client.end(true);
  });

  it("also if it is split into single bytes on its way", async () => {
    const [device, client] = await start();
    const { generate } = await import("mqtt-packet");
    client.socket.setNoDelay(true);
    const bytes = generate({
      cmd: "publish",
      topic: device.topic,
      payload: "slowly",
      qos: 1,
      messageId: 9,
      dup: false,
      retain: false,
    });
    for (const byte of bytes) {
      client.socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.next("puback")).messageId).toBe(9);
    expect(await payloads()).toEqual(["slowly"]);
  });

  it("but never as retained, nor from a will", async () => {
    const [device, client] = await start();
    client.send({
      cmd: "publish",
      topic: device.topic,
      payload: "4.2",
      qos: 1,
      messageId: 1,
      dup: false,
      retain: true,
    });
    await client.next("puback");
    const dying = await connectRaw(running.addresses.plain);
    dying.send(
      connectPacket({
        ...credentials(device),
        clientId: "dying",
        will: { topic: device.topic, payload: Buffer.from("gone"), qos: 1, retain: true },
      }),
    );
    expect((await dying.next("connack")).returnCode).toBe(0);
    dying.socket.destroy();
    // What comes after the will would have come is there; the will is not.
    await expect.poll(() => running.gateway.health().connections).toBe(1);
    publish(client, device, "after", 2);
    await client.next("puback");
    expect(await payloads()).toEqual(["4.2", "after"]);
  });
});

async function registered(settings: Readonly<Record<string, unknown>> = {}): Promise<Device> {
  running = await runGateway(settings);
  return running.register("acme", "probe-1");
}

async function start(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<readonly [Device, RawClient]> {
  const device = await registered(settings);
  return [device, await connected(device)];
}

async function connected(device: Device, clientId = "raw"): Promise<RawClient> {
  const client = await connectRaw(running.addresses.plain);
  client.send(connectPacket({ ...credentials(device), clientId }));
  expect((await client.next("connack")).returnCode).toBe(0);
  return client;
}

function credentials(device: Device): { username: string; password: Buffer } {
  return { username: device.username, password: Buffer.from(device.password) };
}

function publish(
  client: RawClient,
  device: Device,
  payload: string | Uint8Array,
  messageId: number,
): void {
  client.send({
    cmd: "publish",
    topic: device.topic,
    payload: Buffer.from(payload),
    qos: 1,
    messageId,
    dup: false,
    retain: false,
  });
}

async function payloads(): Promise<readonly string[]> {
  return (await running.messages()).map(({ payload }) => Buffer.from(payload).toString());
}

/** Time enough for an answer that must not come. */
async function silence(client: RawClient): Promise<void> {
  const before = client.received.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(client.received.length).toBe(before);
}
