import { Socket } from "node:net";
import { expect, it } from "vitest";
import { DeviceConnection } from "./device-connection.ts";
import { DeviceSessions } from "./device-sessions.ts";
import type { Identity } from "./identity.ts";
import { StalledReads } from "./stalled-reads.ts";

const identity: Identity = {
  key: "acme/probe-1",
  organisation: "acme",
  device: "probe-1",
  upTopic: "",
  downTopic: "",
  bodyPrefix: new Uint8Array(0),
  tokenSha256: "",
};

it("who comes back finds the rate where it left it, and a whole burst only when it would be whole anyway", () => {
  let now = 0;
  const rate = { messagesPerSecondPerDevice: 1, messagesBurstPerDevice: 2 };
  const sessions = new DeviceSessions(rate, () => now);
  const visit = (): number => {
    const connection = new DeviceConnection(new Socket(), {
      connectBytesMax: 0,
      packetBytesMax: 0,
      monotonic: () => now,
      stalled: new StalledReads(() => undefined),
      isFlooded: () => false,
      onRefused: () => undefined,
    });
    const bucket = sessions.open(identity, connection);
    connection.accept(identity, bucket);
    let taken = 0;
    while (bucket.take(now)) taken += 1;
    sessions.close(connection);
    sessions.sweep();
    return taken;
  };
  expect(visit()).toBe(2);
  expect(visit()).toBe(0);
  now = 1_000;
  expect(visit()).toBe(1);
  now = 10_000;
  expect(visit()).toBe(2);
});
