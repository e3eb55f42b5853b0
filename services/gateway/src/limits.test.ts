import { afterEach, describe, expect, it } from "vitest";
import { connectPacket, connectRaw } from "./testing/raw-client.ts";
import { runGateway, type RunningGateway } from "./testing/running-gateway.ts";

let running: RunningGateway;
afterEach(() => running.stop());

describe("connections", () => {
  it.each(["connectionsMax", "connectionsPerAddressMax"])(
    "beyond %s are refused, and let in again once one has left",
    async (setting) => {
      running = await runGateway({ [setting]: 2 });
      const first = await connectRaw(running.addresses.plain);
      await connectRaw(running.addresses.plain);
      const third = await connectRaw(running.addresses.plain);
      await third.ended();
      expect(await running.metric("unbroken_gateway_refused_total", "UB_RATE_LIMITED")).toBe(1);
      expect(running.gateway.health().connections).toBe(2);
      first.socket.destroy();
      await expect.poll(() => running.gateway.health().connections).toBe(1);
      await connectRaw(running.addresses.plain);
      await expect.poll(() => running.metric("unbroken_gateway_connections")).toBe(2);
    },
  );

  it("of one address beyond its rate are refused", async () => {
    running = await runGateway({ connectsPerSecondPerAddress: 1 });
    const first = await connectRaw(running.addresses.plain);
    const second = await connectRaw(running.addresses.plain);
    await second.ended();
    expect(first.endedAt()).toBe(null);
    expect(await running.metric("unbroken_gateway_refused_total", "UB_RATE_LIMITED")).toBe(1);
  });
});

describe("messages beyond the burst", () => {
  it("wait, and none is lost, while a neighbour's do not wait", async () => {
    running = await runGateway({ messagesPerSecondPerDevice: 20, messagesBurstPerDevice: 10 });
    const fast = await running.register("acme", "fast");
    const calm = await running.register("acme", "calm");
    const flood = await running.connect(fast);
    const neighbour = await running.connect(calm);
    const from = performance.now();
    let isThrough = false;
    const sent = Promise.all(
      Array.from({ length: 30 }, (_, i) => flood.publishAsync(fast.topic, String(i), { qos: 1 })),
    ).then(() => {
      isThrough = true;
    });
    await neighbour.publishAsync(calm.topic, "calm", { qos: 1 });
    expect(isThrough).toBe(false);
    await sent;
    // 20 messages beyond the burst at 20 a second: not sooner than in a second.
    expect(performance.now() - from).toBeGreaterThan(900);
    const stored = (await running.messages()).filter(({ publisher }) => publisher === "fast");
    expect(stored.map(({ payload }) => Number(Buffer.from(payload).toString()))).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    );
    const throttled = await running.metric("unbroken_gateway_throttled_total");
    expect(throttled).toBeGreaterThan(0);
    // Each message counts once, however often it is looked at while it waits.
    expect(throttled).toBeLessThanOrEqual(20);
  });

  it("wait on all connections of the device together, and still do after it came back", async () => {
    running = await runGateway({ messagesPerSecondPerDevice: 5, messagesBurstPerDevice: 4 });
    const device = await running.register("acme", "fast");
    const from = performance.now();
    for (let round = 0; round < 2; round++) {
      const clients = await Promise.all([running.connect(device), running.connect(device)]);
      await Promise.all(
        clients.flatMap((client) =>
          Array.from({ length: 2 }, () => client.publishAsync(device.topic, "1", { qos: 1 })),
        ),
      );
      for (const client of clients) await client.endAsync();
    }
    // 8 messages, 4 of them at once, the others at 5 a second.
    expect(performance.now() - from).toBeGreaterThan(700);
    expect((await running.messages()).length).toBe(8);
  });

  it("do not keep a PINGREQ before them waiting", async () => {
    running = await runGateway({ messagesPerSecondPerDevice: 1, messagesBurstPerDevice: 1 });
    const device = await running.register("acme", "fast");
    const client = await connectRaw(running.addresses.plain);
    client.send(
      connectPacket({ username: device.username, password: Buffer.from(device.password) }),
    );
    await client.next("connack");
    const publish = {
      cmd: "publish",
      topic: device.topic,
      payload: "1",
      qos: 1,
      dup: false,
      retain: false,
    } as const;
    client.send({ ...publish, messageId: 1 });
    client.send({ cmd: "pingreq" });
    client.send({ ...publish, messageId: 2 });
    await client.next("pingresp");
    expect(client.received.filter(({ cmd }) => cmd === "puback").length).toBeLessThan(2);
    expect((await client.next("puback")).messageId).toBe(1);
    expect((await client.next("puback")).messageId).toBe(2);
    client.socket.destroy();
  });
});
