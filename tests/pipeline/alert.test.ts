import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CountingDevice } from "../support/counting-device.ts";
import { Admin, startServer, type ServerProcess } from "../support/server-process.ts";
import type { Credentials } from "../support/truck.ts";
import { WebhookReceiver } from "../support/webhook-receiver.ts";

// The real server over real MQTT, with a real receiver of webhooks: a breach is told, in hand, and over.

const ENVIRONMENT = {
  UNBROKEN_NOTIFY_PLAIN_HTTP: "true",
  UNBROKEN_NOTIFY_PRIVATE_HOSTS: '["127.0.0.1"]',
  UNBROKEN_NOTIFY_QUIET: "PT1S",
};
const PROFILE = {
  id: "strict",
  cadence: "PT5M",
  rules: [
    { id: "high", quantity: "air", cmp: "gt", limit: 8, mode: "instant" },
    { id: "higher", quantity: "air", cmp: "gt", limit: 9, mode: "instant" },
  ],
};

const dir = mkdtempSync(join(tmpdir(), "unbroken-alert-"));
const receiver = new WebhookReceiver();
let server: ServerProcess;
let admin: Admin;
let token: string;
let device: CountingDevice;

async function started(): Promise<void> {
  server = await startServer(
    dir,
    { mqtt: "127.0.0.1:0", http: "127.0.0.1:0" },
    {
      environment: ENVIRONMENT,
    },
  );
  token = server.ready.token ?? token;
  admin = new Admin(server.ready.http, token);
}

let credentials: Credentials;
beforeAll(async () => {
  const url = await receiver.listen();
  await started();
  credentials = (await admin.request("POST", "organisations/acme/devices/d1", {
    space: "cold",
    profile: PROFILE,
  })) as Credentials;
  const { secret } = (await admin.request("PUT", "organisations/acme/recipients/night-shift", {
    channel: { kind: "webhook", url },
    language: "en",
  })) as { readonly secret: string };
  receiver.secret = secret;
  device = await CountingDevice.connect(server.ready.mqtt, credentials);
}, 60_000);
afterAll(async () => {
  await device.end();
  await server.stop();
  receiver.close();
  rmSync(dir, { recursive: true, force: true });
});

const measure = (celsius: number): Promise<void> =>
  device.publish(JSON.stringify({ measured_at: Date.now(), temperature_c: celsius }));
const types = (): readonly string[] => receiver.posts.map(({ type }) => type);

describe("a breach", () => {
  it("of two rules, published over MQTT, arrives as one signed webhook", async () => {
    await measure(4);
    await measure(12.5);
    await expect.poll(types, { timeout: 20_000 }).toEqual(["alert.opened"]);
    expect(receiver.posts[0]).toMatchObject({
      isSigned: true,
      data: {
        organisation: "acme",
        space: "cold",
        trouble: "warm",
        urgency: "high",
        peak: 12.5,
        rules: ["high", "higher"],
      },
    });
  });

  it("is acknowledged by the button behind the link, not by the link", async () => {
    const link = String(receiver.posts[0]?.data["acknowledge_url"]);
    const acknowledged = async (): Promise<unknown> =>
      (await admin.all("alerts")).map((alert) => alert["acknowledged"]);
    expect((await fetch(link)).status).toBe(200);
    expect(await acknowledged()).toEqual([false]);
    expect((await fetch(link, { method: "POST" })).status).toBe(200);
    await expect.poll(acknowledged, { timeout: 20_000 }).toEqual([true]);
    const deliveries = (await admin.all("alerts")).map((alert) => alert["deliveries"]);
    expect(deliveries).toMatchObject([[{ recipient: "night-shift", state: "delivered" }]]);
  });

  it("is not told twice when the server is killed and starts anew", async () => {
    await device.end();
    await server.kill();
    await started();
    device = await CountingDevice.connect(server.ready.mqtt, credentials);
    await measure(12);
    await measure(4);
    await expect.poll(types, { timeout: 20_000 }).toEqual(["alert.opened", "alert.over"]);
    expect(receiver.posts.map(({ isSigned }) => isSigned)).toEqual([true, true]);
    await expect
      .poll(async () => (await admin.all("alerts")).map((alert) => alert["ending"]))
      .toEqual(["over"]);
  });
});
