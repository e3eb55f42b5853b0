import { EpochMs } from "@unbroken/units";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { notifyKey } from "../notify-key.ts";
import { parcelOf } from "../testing/parcels.ts";
import { isSigned, receiveWebhooks, type WebhookReceiver } from "../testing/webhook-receiver.ts";
import type { OutgoingRules, Resolve } from "./outgoing-request.ts";
import { webhookHeaders } from "./standard-webhooks.ts";
import { webhookChannel } from "./webhook-channel.ts";

const key = notifyKey(Buffer.alloc(32, 7));
const AT = EpochMs(1_777_939_800_999);
const local: OutgoingRules = {
  timeoutMs: 2_000,
  plainHttp: true,
  privateHosts: new Set(["127.0.0.1"]),
};

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await receiveWebhooks();
});
afterEach(() => receiver.close());

const send = (url: string, rules: OutgoingRules = local, resolve?: Resolve): Promise<void> =>
  webhookChannel({
    key,
    rules,
    version: "1.2.3",
    ...(resolve === undefined ? {} : { resolve }),
  }).deliver(parcelOf(), { kind: "webhook", url, secret: 1 }, AT);

describe("a webhook", () => {
  it("is signed so that a receiver who follows the standard takes it", async () => {
    await send(receiver.url);
    const [post] = receiver.received;
    expect(post?.headers).toMatchObject({
      "webhook-id": "msg_1",
      "webhook-timestamp": "1777939800",
      "content-type": "application/json; charset=utf-8",
      "user-agent": "unbroken/1.2.3",
    });
    const secret = key.webhookSecret("acme", "night-shift", 1);
    expect(post === undefined ? false : isSigned(post, secret)).toBe(true);
    const other = key.webhookSecret("acme", "night-shift", 2);
    expect(post === undefined ? true : isSigned(post, other)).toBe(false);
  });

  it("says by type and data what happened, with times in UTC and temperatures in °C", async () => {
    await send(receiver.url);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({
      type: "alert.opened",
      timestamp: "2026-05-05T00:10:00.999Z",
      data: {
        organisation: "acme",
        space: "cold",
        trouble: "warm",
        urgency: "high",
        since: "2026-05-05T00:00:00.000Z",
        until: null,
        peak: 9.5,
        limit: 8,
        unit: "Cel",
        sensors: ["d1/main"],
        acknowledge_url: "https://cold.example/acknowledge/abc.def",
      },
    });
  });

  it("has the signature of the published example", () => {
    // Standard Webhooks, libraries' tests: secret, id, time and body with their signature.
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const body = '{"test": 2432232314}';
    const headers = webhookHeaders(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_000, body);
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });
});

describe("what a receiver may answer", () => {
  it.each([
    [500, "UB_NOTIFY_REFUSED", "later"],
    [400, "UB_NOTIFY_REFUSED", "later"],
    [429, "UB_NOTIFY_REFUSED", "later"],
    [410, "UB_NOTIFY_GONE", "never"],
  ])("%s is %s, to be tried again: %s", async (status, code, retry) => {
    receiver.answer = { status };
    await expect(send(receiver.url)).rejects.toMatchObject({ code, retry });
  });

  it("a redirect is not followed, wherever it leads", async () => {
    receiver.answer = { status: 302, headers: { location: receiver.url + "?followed" } };
    await expect(send(receiver.url)).rejects.toMatchObject({ code: "UB_NOTIFY_REFUSED" });
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  });

  it("nothing, and the attempt ends at its time", async () => {
    receiver.answer = "nothing";
    const rules = { ...local, timeoutMs: 50 };
    await expect(send(receiver.url, rules)).rejects.toMatchObject({
      code: "UB_NOTIFY_UNREACHABLE",
    });
  });

  it("more than anybody wants to read, and it is not read", async () => {
    receiver.answer = { status: 200, body: "x".repeat(50_000_000) };
    await send(receiver.url);
  });

  it("and what it answers is nowhere in the error", async () => {
    receiver.answer = { status: 500, body: "secret of the inside" };
    const error: unknown = await send(receiver.url).catch((reason: unknown) => reason);
    expect(JSON.stringify([error, String(error)])).not.toContain("secret of the inside");
  });

  it("nobody at all is tried again", async () => {
    await receiver.close();
    await expect(send(receiver.url)).rejects.toMatchObject({
      code: "UB_NOTIFY_UNREACHABLE",
      retry: "later",
    });
  });
});

describe("a name", () => {
  const port = (): string => new URL(receiver.url).port;
  const strict: OutgoingRules = { ...local, privateHosts: new Set<string>() };

  it("that leads to this machine is refused before a connection is made", async () => {
    const inside: Resolve = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
    const url = `http://hooks.example:${port()}/hook`;
    await expect(send(url, strict, inside)).rejects.toMatchObject({
      code: "UB_NOTIFY_ADDRESS_REFUSED",
      retry: "never",
    });
    expect(receiver.received).toEqual([]);
  });

  it("that leads inside by one of several addresses is refused", async () => {
    const mixed: Resolve = () =>
      Promise.resolve([
        { address: "1.1.1.1", family: 4 },
        { address: "::1", family: 6 },
      ]);
    await expect(send("http://hooks.example/", strict, mixed)).rejects.toMatchObject({
      code: "UB_NOTIFY_ADDRESS_REFUSED",
    });
  });

  it("is resolved once, and the connection goes to the address that was checked", async () => {
    let asked = 0;
    // The system's resolver knows no such name: only the pinned address can lead to the receiver.
    const once: Resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
    };
    const rules = { ...local, privateHosts: new Set(["hooks.invalid"]) };
    await send(`http://hooks.invalid:${port()}/hook`, rules, once);
    expect(asked).toBe(1);
    expect(receiver.received[0]?.headers.host).toBe(`hooks.invalid:${port()}`);
  });
});
