import { afterAll, beforeAll, expect, it } from "vitest";
import { runGateway, type RunningGateway } from "./testing/running-gateway.ts";

let running: RunningGateway;
beforeAll(async () => {
  running = await runGateway();
});
afterAll(() => running.stop());

it("lets a device in that was registered while the gateway runs", async () => {
  await expect(
    running.connect({ username: "acme/new", password: "token of new", topic: "" }),
  ).rejects.toThrow(/Bad username or password/);
  const device = await running.register("acme", "new");
  const client = await running.connect(device);
  await client.publishAsync(device.topic, "1", { qos: 1 });
});

it("ends the open connections of a revoked device, and no other's", async () => {
  const stolen = await running.register("acme", "stolen");
  const kept = await running.register("acme", "kept");
  const thief = await running.connect(stolen);
  const second = await running.connect(stolen);
  const neighbour = await running.connect(kept);
  const left = Promise.all([closed(thief), closed(second)]);
  await running.revoke("acme", "stolen");
  await left;
  await neighbour.publishAsync(kept.topic, "1", { qos: 1 });
  expect(neighbour.connected).toBe(true);
});

it("ends the connections that know only the old token", async () => {
  const device = await running.register("acme", "renewed", "old");
  const old = await running.connect(device);
  const left = closed(old);
  await running.register("acme", "renewed", "new");
  await left;
});

function closed(client: { once(event: "close", listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    client.once("close", resolve);
  });
}
