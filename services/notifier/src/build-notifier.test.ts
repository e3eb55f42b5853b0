import type { Statement } from "@unbroken/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closed, minute, opened } from "./testing/alert-story.ts";
import { receiveMail } from "./testing/mail-server.ts";
import { KEY, RunningNotifier, recipient } from "./testing/running-notifier.ts";
import { isSigned, receiveWebhooks, type WebhookReceiver } from "./testing/webhook-receiver.ts";

let hook: WebhookReceiver;
let running: RunningNotifier;
beforeEach(async () => {
  hook = await receiveWebhooks();
});
afterEach(async () => {
  await running.stop();
  await hook.close();
});

const webhook = (): Statement =>
  recipient({ channel: { kind: "webhook", url: hook.url, secret: 1 } });
const types = (): readonly unknown[] =>
  hook.received.map(({ body }) => (JSON.parse(body) as { readonly type: unknown }).type);
const ids = (): readonly unknown[] => hook.received.map(({ headers }) => headers["webhook-id"]);
const arrived = (n: number): Promise<void> =>
  expect.poll(() => hook.received.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(n);

/** What became of the deliveries of all alerts, as it is stored. */
async function states(): Promise<readonly string[]> {
  const alerts = await running.alerts();
  return alerts.flatMap(({ deliveries }) => deliveries.map(({ state }) => state));
}

const ACKNOWLEDGED: Statement = {
  kind: "alert-acknowledged",
  alert: `cold.warm.${minute(10)}`,
  space: "cold",
  note: "on my way",
};

describe("a breach", () => {
  it("arrives once, signed, however many rules see it; and again until it is acknowledged", async () => {
    running = await RunningNotifier.start();
    await running.state(0, webhook());
    await running.judge(10, opened(0), opened(0, { rule: "mean" }));
    await arrived(1);
    await running.pass(26);
    await arrived(2);
    await running.state(27, ACKNOWLEDGED);
    await running.pass(120);
    await running.judge(130, closed(0, 125), closed(0, 125, { rule: "mean" }));
    await running.pass(160);
    await arrived(3);
    expect(types()).toEqual(["alert.opened", "alert.repeated", "alert.over"]);
    expect(new Set(ids()).size).toBe(3);
    const secret = KEY.webhookSecret("acme", "night-shift", 1);
    expect(hook.received.map((post) => isSigned(post, secret))).toEqual([true, true, true]);
    await expect.poll(states).toEqual(["delivered", "delivered", "delivered"]);
    expect(await running.alerts()).toMatchObject([
      {
        phase: "ended",
        ending: "over",
        acknowledgements: [{ by: "admin", at: minute(27), note: "on my way" }],
      },
    ]);
  });

  it("is told by mail too, each in the language of its reader, with a link that acknowledges", async () => {
    const mail = await receiveMail("plain");
    running = await RunningNotifier.start({
      smtp: `smtp://localhost:${mail.port}`,
      smtpPlain: true,
      mailFrom: "alerts@cold.example",
    });
    await running.state(
      0,
      webhook(),
      recipient({
        recipient: "li",
        language: "zh",
        channel: { kind: "email", address: "li@cold.example" },
      }),
    );
    await running.judge(10, opened(0));
    await arrived(1);
    await expect.poll(() => mail.mails.length, { timeout: 10_000 }).toBe(1);
    const { data } = JSON.parse(hook.received[0]?.body ?? "") as {
      readonly data: { readonly acknowledge_url: string };
    };
    const token = data.acknowledge_url.split("/acknowledge/")[1] ?? "";
    expect(KEY.readLink(token, running.now)).toMatchObject({
      alert: `cold.warm.${minute(10)}`,
      recipient: "night-shift",
    });
    await mail.close();
  });
});

describe("who is told", () => {
  const spaces: Statement[] = [
    { kind: "site-declared", site: "dock", name: "Dock", zone: "Asia/Shanghai" },
    { kind: "space-declared", space: "cold", name: "Cold room", site: "dock" },
  ];
  it.each<readonly [string, Partial<Extract<Statement, { kind: "recipient-declared" }>>, number]>([
    ["everybody who asked for nothing less", {}, 1],
    ["who asked for its space", { spaces: ["cold"] }, 1],
    ["who asked for its site", { sites: ["dock"] }, 1],
    ["who asked for its site or another space", { sites: ["dock"], spaces: ["other"] }, 1],
    ["not who asked for another space", { spaces: ["other"] }, 0],
    ["not who asked for a vehicle", { vehicles: ["dock"] }, 0],
    ["not who is away", { active: false }, 0],
    ["not who wants urgent ones only, as it is a notice", { minUrgency: "high" }, 0],
  ])("%s", async (_, change, expected) => {
    running = await RunningNotifier.start();
    const channel = { kind: "webhook", url: hook.url, secret: 1 } as const;
    const witness = { channel, recipient: "witness" };
    await running.state(0, ...spaces, recipient({ channel, ...change }), recipient(witness));
    await running.judge(10, opened(0, { severity: "warn" }));
    await arrived(1 + expected);
    const [alert] = await running.alerts();
    expect(alert?.deliveries.map((each) => each.recipient)).toEqual(
      expected === 1 ? ["night-shift", "witness"] : ["witness"],
    );
  });
});

describe("a crash", () => {
  it("between storing and sending sends what was stored, under the same id", async () => {
    running = await RunningNotifier.start();
    await running.state(0, webhook());
    hook.answer = { status: 500 };
    await running.judge(10, opened(0));
    await arrived(1);
    await running.crash();
    hook.answer = { status: 204 };
    await running.pass(11);
    await arrived(2);
    expect(new Set(ids()).size).toBe(1);
    await expect.poll(states, { timeout: 10_000 }).toEqual(["delivered"]);
    await running.crash();
    expect(await states()).toEqual(["delivered"]);
  });

  it("at any time forgets no alert, and tells none twice", async () => {
    running = await RunningNotifier.start();
    await running.state(0, webhook());
    await running.judge(10, opened(0));
    await arrived(1);
    await expect.poll(states, { timeout: 10_000 }).toEqual(["delivered"]);
    await running.crash();
    await running.pass(20);
    await running.crash();
    await running.judge(21, closed(0, 20));
    await running.crash();
    await running.pass(51);
    await arrived(2);
    expect(types()).toEqual(["alert.opened", "alert.over"]);
  });
});

describe("a receiver that is down", () => {
  it("is tried again after longer and longer waits, then given up, and that shows", async () => {
    running = await RunningNotifier.start({ attemptsMax: 3, repeatsMax: 0 });
    await running.state(0, webhook());
    hook.answer = { status: 503 };
    await running.judge(10, opened(0));
    await arrived(1);
    await running.pass(11);
    await arrived(2);
    await running.pass(13);
    await arrived(3);
    const failed = { state: "failed", attempts: 3, code: "UB_NOTIFY_REFUSED" };
    await expect
      .poll(async () => {
        await running.pass(14);
        return (await running.alerts())[0]?.deliveries;
      })
      .toMatchObject([failed]);
    await running.pass(200);
    expect(hook.received).toHaveLength(3);
    const metrics = JSON.stringify(await running.metrics.snapshot());
    expect(metrics).toContain('"outcome":"failed"');
  });

  it("gets only the newest of what it missed", async () => {
    running = await RunningNotifier.start();
    await running.state(0, webhook());
    hook.answer = { status: 503 };
    await running.judge(10, opened(0));
    await arrived(1);
    await running.judge(20, closed(0, 19));
    await arrived(2);
    hook.answer = { status: 204 };
    await running.pass(50);
    await expect.poll(() => types().at(-1), { timeout: 10_000 }).toBe("alert.over");
    await expect.poll(states).toContain("delivered");
    const [alert] = await running.alerts();
    expect(alert?.deliveries.map(({ kind, state }) => [kind, state])).toEqual([
      ["opened", "superseded"],
      ["over", "delivered"],
    ]);
  });

  it("does not keep others waiting", async () => {
    running = await RunningNotifier.start();
    const other = await receiveWebhooks();
    hook.answer = "nothing";
    const channel = { kind: "webhook", url: other.url, secret: 1 } as const;
    await running.state(0, webhook(), recipient({ channel, recipient: "zhang" }));
    await running.judge(10, opened(0));
    await expect.poll(() => other.received.length, { timeout: 1_500 }).toBe(1);
    await other.close();
  });
});

describe("the health of the notifier", () => {
  it("says that nobody would be told, until somebody is declared", async () => {
    running = await RunningNotifier.start();
    expect((await running.health()).detail).toContain("nobody is declared to be told");
    await running.state(0, webhook());
    expect(await running.health()).toMatchObject({ ok: true });
    expect((await running.health()).detail).not.toContain("nobody");
  });
});

describe("mail without a mail server", () => {
  it("is given up at once, with a code that says what is missing", async () => {
    running = await RunningNotifier.start();
    const channel = { kind: "email", address: "li@cold.example" } as const;
    await running.state(0, recipient({ channel }));
    await running.judge(10, opened(0));
    await expect
      .poll(async () => {
        await running.pass(11);
        return (await running.alerts())[0]?.deliveries;
      })
      .toMatchObject([{ state: "failed", attempts: 1, code: "UB_NOTIFY_NO_MAIL" }]);
  });
});

describe("the processor's state, built again from the log", () => {
  it("tells nothing that was told before, and goes on with what is new", async () => {
    running = await RunningNotifier.start();
    await running.state(0, webhook());
    await running.judge(10, opened(0));
    await running.judge(30, closed(0, 20));
    await running.pass(51);
    await running.judge(110, opened(100));
    await expect.poll(states).toEqual(["delivered", "delivered", "delivered"]);
    // All that was judged comes in one commit, up to the same offset of the log.
    await running.rebuild(112, opened(0), closed(0, 20), opened(100));
    await running.judge(113, closed(100, 112));
    await running.pass(143);
    await arrived(4);
    expect(types()).toEqual(["alert.opened", "alert.over", "alert.opened", "alert.over"]);
    const about = (await running.alerts()).map(({ members }) => members.map(({ since }) => since));
    expect(about).toEqual([[minute(0)], [minute(100)]]);
  });
});

describe("the first start over years of history", () => {
  it("records what was, and tells only what lasts", async () => {
    running = await RunningNotifier.start();
    const days = Array.from({ length: 400 }, (_, day) => day * 1_440);
    await running.judge(
      600_000,
      ...days.flatMap((day) => [opened(day), closed(day, day + 60)]),
      opened(599_990),
    );
    await running.state(600_000, webhook());
    await running.pass(600_016);
    await arrived(1);
    const alerts = await running.alerts();
    expect(alerts).toHaveLength(401);
    expect(alerts.filter(({ sent }) => sent > 0)).toMatchObject([{ since: minute(599_990) }]);
  });
});
