import { afterEach, describe, expect, it } from "vitest";
import { runGateway, type RunningGateway } from "./testing/running-gateway.ts";

let running: RunningGateway;
afterEach(() => running.stop());

describe("a PUBACK means that the message is on stable storage", () => {
  it("comes after the log has taken the message, and not before", async () => {
    running = await runGateway();
    const device = await running.register("acme", "probe-1");
    const client = await running.connect(device);
    running.log.shut();
    let acknowledged = false;
    const published = client.publishAsync(device.topic, "4.2", { qos: 1 }).then(() => {
      acknowledged = true;
    });
    await expect.poll(() => running.log.groups.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(acknowledged).toBe(false);
    expect(await running.messages()).toEqual([]);
    running.log.open();
    await published;
    expect((await running.messages()).map((m) => Buffer.from(m.payload).toString())).toEqual([
      "4.2",
    ]);
  });
});
