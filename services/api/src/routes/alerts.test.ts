import { Fact } from "@unbroken/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertOf, latest, past } from "../testing/alerts.ts";
import { FeedProbe } from "../testing/feed-probe.ts";
import { runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;
beforeEach(async () => {
  running = await runApi();
  await running.call("declareSite", {
    params: { organisation: "acme", site: "dock" },
    body: { name: "Dock", zone: "Asia/Shanghai" },
  });
  await running.call("declareSpace", {
    params: { organisation: "acme", space: "cold" },
    body: { name: "Cold <room>", site: "dock" },
  });
});
afterEach(() => running.stop());

const list = async (query: Record<string, string> = {}): Promise<readonly unknown[]> => {
  const { body } = await running.call("listAlerts", { query });
  return (body as { readonly items: readonly { readonly id: string }[] }).items.map(({ id }) => id);
};

async function facts(): Promise<readonly Fact[]> {
  const records = await running.log.readFacts(0, 0, 1_000);
  return records.map(({ body }) => Fact.parse(JSON.parse(Buffer.from(body).toString())));
}

describe("alerts", () => {
  it("are listed with their figures and what became of each message", async () => {
    const at = running.now();
    await running.notify(latest(alertOf(at)));
    await expect.poll(() => list()).toHaveLength(1);
    const { body } = await running.call("listAlerts");
    expect(body).toMatchObject({
      items: [
        {
          id: `cold.warm.${at}`,
          space_name: "Cold <room>",
          peak: 12.5,
          limit: 10,
          unit: "Cel",
          acknowledged: false,
          deliveries: [{ state: "failed", code: "UB_NOTIFY_UNREACHABLE", attempts: 12 }],
        },
      ],
      next: null,
    });
  });

  it("come the newest first, page after page, those of the past after those of now", async () => {
    const at = running.now();
    const ended = { phase: "ended", ending: "over" } as const;
    await running.notify(
      latest(alertOf(at)),
      latest(alertOf(at - 5_000, { trouble: "silent", ...ended })),
      past(alertOf(at - 9_000, ended)),
      past(alertOf(at - 1_000, ended)),
      past(alertOf(at - 1_000, { space: "a", ...ended })),
    );
    const expected = [
      `cold.warm.${at}`,
      `a.warm.${at - 1_000}`,
      `cold.warm.${at - 1_000}`,
      `cold.silent.${at - 5_000}`,
      `cold.warm.${at - 9_000}`,
    ];
    await expect.poll(() => list()).toEqual(expected);
    const paged: unknown[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const query: Record<string, string> = { limit: "1", ...(cursor === "" ? {} : { cursor }) };
      const { body } = await running.call("listAlerts", { query });
      const page = body as { items: { id: string }[]; next: string | null };
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(paged).toEqual(expected);
    expect(await list({ open: "true" })).toEqual([`cold.warm.${at}`]);
    expect(await list({ open: "false", space: "a" })).toEqual([`a.warm.${at - 1_000}`]);
    expect(await list({ organisation: "other" })).toEqual([]);
  });

  it("are found one by one, now or in the past, and nothing else is", async () => {
    const at = running.now();
    await running.notify(latest(alertOf(at)), past(alertOf(at - 1_000, { phase: "ended" })));
    const get = (alert: string) =>
      running.call("getAlert", { params: { organisation: "acme", alert } });
    await expect.poll(async () => (await get(`cold.warm.${at}`)).status).toBe(200);
    expect(await get(`cold.warm.${at - 1_000}`)).toMatchObject({ body: { phase: "ended" } });
    expect(await get("cold.warm.1")).toMatchObject({ status: 404 });
    expect(await get("nonsense")).toMatchObject({ status: 404 });
    expect(await get("../x")).toMatchObject({ status: 400 });
  });

  it("stand on their space's tile, and the feed tells when they change", async () => {
    const probe = await FeedProbe.open(running.feedUrl);
    probe.subscribe();
    expect((await probe.next("snapshot")).spaces[0]?.alerts).toEqual([]);
    const alert = alertOf(running.now());
    await running.notify(latest(alert));
    let told = await probe.next("delta");
    while (told.spaces[0]?.alerts.length !== 1) told = await probe.next("delta");
    expect(told.spaces[0].alerts[0]).toMatchObject({ id: alert.id, acknowledged: false });
    const acknowledgements = [
      { by: "admin", at: running.now(), note: null, urgency: "high" as const },
    ];
    await running.notify(latest({ ...alert, acknowledgements }));
    while (told.spaces[0]?.alerts[0]?.acknowledged !== true) told = await probe.next("delta");
    await running.notify(latest({ ...alert, phase: "ended" }));
    while (told.spaces[0]?.alerts.length !== 0) told = await probe.next("delta");
    probe.close();
  });
});

describe("to acknowledge an alert", () => {
  const params = (alert: string) => ({ organisation: "acme", alert });

  it("states a fact with who, when and a note, and shows it at once", async () => {
    const alert = alertOf(running.now());
    await running.notify(latest(alert));
    await expect.poll(() => list()).toHaveLength(1);
    const answer = await running.call("acknowledgeAlert", {
      params: params(alert.id),
      body: { note: "on my way" },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { acknowledged: true, acknowledgements: [{ by: "admin", note: "on my way" }] },
    });
    expect((await facts()).at(-1)).toMatchObject({
      organisation: "acme",
      statedBy: "admin",
      statement: {
        kind: "alert-acknowledged",
        alert: alert.id,
        space: "cold",
        note: "on my way",
      },
    });
  });

  it.each([
    ["one that does not exist", "cold.warm.1", {}, 404, "UB_NOT_FOUND"],
    [
      "with a note that is too long",
      "cold.warm.1",
      { note: "x".repeat(501) },
      400,
      "UB_REQUEST_INVALID",
    ],
    ["with a field that is not known", "cold.warm.1", { why: "x" }, 400, "UB_REQUEST_INVALID"],
  ])("%s is refused", async (_, alert, body, status, code) => {
    const answer = await running.call("acknowledgeAlert", { params: params(alert), body });
    expect(answer).toMatchObject({ status, body: { code } });
  });
});

describe("the link in a message", () => {
  async function linked(): Promise<string> {
    const alert = alertOf(running.now());
    await running.notify(latest(alert));
    await expect.poll(() => list()).toHaveLength(1);
    running.links["good"] = {
      organisation: "acme",
      space: "cold",
      alert: alert.id,
      recipient: "night-shift",
    };
    return alert.id;
  }

  it("shows a page with a button and acknowledges nothing, however often it is fetched", async () => {
    await linked();
    const before = (await facts()).length;
    for (let i = 0; i < 3; i++) {
      const page = await running.fetch("/acknowledge/good");
      expect(page.status).toBe(200);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("referrer-policy")).toBe("same-origin");
      const html = await page.text();
      expect(html).toContain('<form method="post"><button type="submit">');
      expect(html).toContain("Cold &lt;room&gt; · Dock");
    }
    await running.fetch("/acknowledge/good", { method: "HEAD" });
    expect((await facts()).length).toBe(before);
  });

  it("acknowledges by its button, as the recipient, without a login", async () => {
    const alert = await linked();
    const answer = await running.fetch("/acknowledge/good", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: running.url },
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('role="status"');
    expect((await facts()).at(-1)).toMatchObject({
      statedBy: "recipient:night-shift",
      statement: { kind: "alert-acknowledged", alert },
    });
  });

  it("pressed again after that states nothing more", async () => {
    await linked();
    const by = "recipient:night-shift";
    const acknowledgements = [{ by, at: running.now(), note: null, urgency: "high" as const }];
    await running.notify(latest(alertOf(running.now(), { acknowledgements })));
    const [found] = await list();
    running.links["good"] = {
      organisation: "acme",
      space: "cold",
      alert: String(found),
      recipient: "night-shift",
    };
    const before = (await facts()).length;
    const answer = await running.fetch("/acknowledge/good", { method: "POST" });
    expect(await answer.text()).toContain('role="status"');
    expect((await facts()).length).toBe(before);
  });

  it("is not taken from a page of somebody else", async () => {
    await linked();
    const answer = await running.fetch("/acknowledge/good", {
      method: "POST",
      headers: { origin: "https://evil.example" },
    });
    expect(answer.status).toBe(403);
  });

  it.each(["GET", "POST"])(
    "that is not ours is answered with a page that says so: %s",
    async (method) => {
      const before = (await facts()).length;
      const answer = await running.fetch("/acknowledge/bad", { method });
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain("not valid any more");
      expect((await facts()).length).toBe(before);
    },
  );
});

describe("a recipient", () => {
  const declare = (body: unknown, recipient = "night-shift") =>
    running.call("declareRecipient", { params: { organisation: "acme", recipient }, body });
  const webhook = { channel: { kind: "webhook", url: "https://example.com/hook" } };

  it("by webhook is shown its secret once, and a new one only when it asks", async () => {
    expect(await declare(webhook)).toMatchObject({
      body: { secret: "whsec_acme-night-shift-1", language: "zh", min_urgency: "low", sites: null },
    });
    expect(await declare(webhook)).toMatchObject({ body: { secret: null } });
    expect(await declare({ ...webhook, language: "en" })).toMatchObject({ body: { secret: null } });
    const rotated = { channel: { ...webhook.channel, rotate_secret: true } };
    expect(await declare(rotated)).toMatchObject({ body: { secret: "whsec_acme-night-shift-2" } });
    const { body } = await running.call("listRecipients");
    expect(body).toMatchObject({ items: [{ secret: null, channel: webhook.channel }] });
    expect(JSON.stringify(await facts())).not.toContain("whsec_");
  });

  it("that is stated again as it is leads to no fact", async () => {
    await declare({ ...webhook, spaces: ["cold"] });
    const before = (await facts()).length;
    await declare({ ...webhook, spaces: ["cold"] });
    expect((await facts()).length).toBe(before);
  });

  it.each([
    [
      "an http address",
      { channel: { kind: "webhook", url: "http://example.com/" } },
      "UB_NOTIFY_ADDRESS_REFUSED",
      null,
    ],
    [
      "no address at all",
      { channel: { kind: "webhook", url: "hook" } },
      "UB_REQUEST_INVALID",
      "/channel/url",
    ],
    [
      "another scheme",
      { channel: { kind: "webhook", url: "file:///etc/passwd" } },
      "UB_REQUEST_INVALID",
      "/channel/url",
    ],
    [
      "no mail address",
      { channel: { kind: "email", address: "li" } },
      "UB_REQUEST_INVALID",
      "/channel/address",
    ],
    [
      "two mail addresses",
      { channel: { kind: "email", address: "a@b.cn,c@d.cn" } },
      "UB_REQUEST_INVALID",
      "/channel/address",
    ],
    [
      "a line break in one",
      { channel: { kind: "email", address: "a@b.cn\r\nBcc: c@d.cn" } },
      "UB_REQUEST_INVALID",
      "/channel/address",
    ],
    [
      "a channel that is not known",
      { channel: { kind: "fax" } },
      "UB_REQUEST_INVALID",
      "/channel/kind",
    ],
    [
      "a space that is not declared",
      { ...webhook, spaces: ["cold", "nowhere"] },
      "UB_REQUEST_INVALID",
      "/spaces/1",
    ],
    [
      "a site that is not declared",
      { ...webhook, sites: ["nowhere"] },
      "UB_REQUEST_INVALID",
      "/sites/0",
    ],
    ["an empty list of spaces", { ...webhook, spaces: [] }, "UB_REQUEST_INVALID", "/spaces"],
    [
      "a language that is not spoken",
      { ...webhook, language: "fr" },
      "UB_REQUEST_INVALID",
      "/language",
    ],
  ])("with %s is refused", async (_, body, code, pointer) => {
    const answer = await declare(body);
    expect(answer).toMatchObject({ status: 400, body: { code } });
    if (pointer !== null)
      expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ pointer })] });
    expect((await running.call("listRecipients")).body).toMatchObject({ items: [] });
  });
});
