import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FeedProbe, upgradeStatus } from "../testing/feed-probe.ts";
import {
  excursionOf,
  excursionState,
  judgementOutput,
  quarantineOutput,
  readingOf,
  readingsOutput,
} from "../testing/outputs.ts";
import { TOKEN, runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;

beforeAll(async () => {
  running = await runApi({ http: { origins: ["https://board.example"], feedClientsMax: 1_000 } });
  for (const [device, space] of [
    ["d1", "cold"],
    ["d2", "dock"],
  ] as const)
    await running.call("registerDevice", {
      params: { organisation: "acme", device },
      body: { space, profile: "chilled.cn" },
    });
});

afterAll(() => running.stop());

beforeEach(settled);

/** A client that is subscribed and has its snapshot. */
async function follower(request: Readonly<Record<string, unknown>> = {}): Promise<FeedProbe> {
  const probe = await FeedProbe.open(running.feedUrl);
  probe.subscribe(request);
  await probe.next("snapshot");
  return probe;
}

/** Resolves when all that was committed or stated before has been published: a mark committed now has come out. */
async function settled(): Promise<void> {
  const probe = await FeedProbe.open(running.feedUrl);
  probe.subscribe();
  const { quarantined } = await probe.next("snapshot");
  await running.commit([quarantineOutput({ organisation: "mark", receivedAt: running.now() })]);
  for (;;) if ((await probe.next("delta")).quarantined > quarantined) break;
  probe.close();
}

/** Nothing else was sent before the answer to what is asked now. */
async function heardAll(probe: FeedProbe): Promise<void> {
  probe.socket.send("{");
  await probe.next("error");
}

const read = (sensor: string, celsius: number) =>
  running.commit([readingsOutput([readingOf(sensor, running.now(), celsius)])]);

describe("a feed", () => {
  it("begins with a snapshot of all spaces and goes on with what changed", async () => {
    const probe = await FeedProbe.open(running.feedUrl);
    probe.subscribe();
    const snapshot = await probe.next("snapshot");
    expect(snapshot.spaces.map(({ space }) => space)).toEqual(["cold", "dock"]);
    probe.close();

    const following = await follower();
    await read("d1/main", 4.5);
    const delta = await following.next("delta");
    expect(delta.spaces.map(({ space, worst }) => [space, worst?.value_c])).toEqual([
      ["cold", 4.5],
    ]);
    expect(delta.epoch).toBe(snapshot.epoch);
    following.close();
  });

  it("gathers many readings of a space into one message", async () => {
    const probe = await follower();
    const at = running.now();
    // In one turn, so that no pause can fall in between.
    await Promise.all(
      [5, 5.1, 5.2, 5.3].map((celsius, i) =>
        running.commit([readingsOutput([readingOf("d1/main", at + i, celsius)])]),
      ),
    );
    // What an earlier test left may still be on its way; a space is sent once a second at the most.
    let cold;
    while (cold === undefined)
      cold = (await probe.next("delta")).spaces.find(({ space }) => space === "cold");
    expect(cold.worst?.value_c).toBe(5.3);
    probe.close();
  });

  it("tells of an excursion before the delta that shows it on its space", async () => {
    const probe = await follower();
    const excursion = excursionOf(running.now() - 3_600_000);
    await running.commit(
      [
        readingsOutput([readingOf("d1/main", running.now(), 12)]),
        judgementOutput({ kind: "excursion-opened", excursion }, running.now()),
      ],
      [excursionState(excursion)],
    );
    const opened = await probe.next("excursion");
    expect(opened).toMatchObject({
      change: "opened",
      excursion: { id: excursion.id, space_name: "cold", peak_c: 12.5, limit_c: 10 },
    });
    const delta = await probe.next("delta");
    expect(delta.revision).toBe(opened.revision + 1);
    expect(delta.spaces[0]).toMatchObject({ condition: "broken", open: [{ id: excursion.id }] });

    const closed = { ...excursion, revision: 2, until: running.now(), ended: "in-range" as const };
    await running.commit([
      judgementOutput({ kind: "excursion-closed", excursion: closed }, running.now()),
    ]);
    expect((await probe.next("excursion")).change).toBe("closed");
    expect((await probe.next("delta")).spaces[0]?.open).toEqual([]);
    probe.close();
  });

  it("shows each subscriber only the spaces that it asked for", async () => {
    const all = await follower();
    const dock = await follower({ organisation: "acme", spaces: ["dock"] });
    const other = await follower({ organisation: "other" });
    await read("d1/main", 6);
    await all.next("delta");
    await read("d2/main", 7);
    await all.next("delta");
    expect((await dock.next("delta")).spaces.map(({ space }) => space)).toEqual(["dock"]);
    await settled();
    await heardAll(other);
    for (const probe of [all, dock, other]) probe.close();
  });

  it("counts what was quarantined, for the organisation it belongs to", async () => {
    const own = await follower({ organisation: "acme" });
    const other = await follower({ organisation: "other" });
    await running.commit([quarantineOutput({ receivedAt: running.now() })]);
    expect((await own.next("delta")).quarantined).toBe(1);
    await settled();
    await heardAll(other);
    own.close();
    other.close();
  });

  it("answers what it does not understand with an error and goes on", async () => {
    const probe = await follower();
    probe.socket.send("{");
    expect(await probe.next("error")).toMatchObject({ code: "UB_REQUEST_INVALID" });
    probe.subscribe({ spaces: ["../etc"] });
    await probe.next("error");
    probe.subscribe({});
    await probe.next("snapshot");
    probe.close();
  });

  it("ends where a client says more than 16 KiB, or says too much", async () => {
    const large = await FeedProbe.open(running.feedUrl);
    large.socket.send("x".repeat(16_385));
    expect(await large.closed()).toBe(1009);
    const loud = await FeedProbe.open(running.feedUrl);
    for (let i = 0; i < 30; i++) loud.subscribe();
    expect(await loud.closed()).toBe(1008);
  });
});

describe("a feed that dropped", () => {
  it("gets exactly what it missed", async () => {
    const watcher = await follower();
    const dropped = await follower();
    await read("d1/main", 3);
    const { epoch, revision } = await dropped.next("delta");
    await watcher.next("delta");
    dropped.close();

    const missed = [];
    for (const celsius of [3.1, 3.2, 3.3]) {
      await read("d1/main", celsius);
      missed.push(await watcher.next("delta"));
    }
    const back = await FeedProbe.open(running.feedUrl);
    back.subscribe({ resume: { epoch, revision } });
    for (const message of missed) expect(await back.next("delta")).toEqual(message);
    await heardAll(back);
    expect(missed.map((message) => message.revision)).toEqual([
      revision + 1,
      revision + 2,
      revision + 3,
    ]);
    watcher.close();
    back.close();
  });

  it("gets of what it missed only what its subscription shows", async () => {
    const dock = await follower({ spaces: ["dock"] });
    const watcher = await follower();
    await read("d2/main", 3);
    const { epoch, revision } = await dock.next("delta");
    await watcher.next("delta");
    dock.close();
    await read("d1/main", 3.5);
    await watcher.next("delta");
    await read("d2/main", 4);
    await watcher.next("delta");
    const back = await FeedProbe.open(running.feedUrl);
    back.subscribe({ spaces: ["dock"], resume: { epoch, revision } });
    const delta = await back.next("delta");
    expect(delta.revision).toBe(revision + 2);
    expect(delta.spaces.map(({ space }) => space)).toEqual(["dock"]);
    watcher.close();
    back.close();
  });

  it.each([
    ["from another run of the server", { epoch: "another", revision: 0 }],
    ["from a revision that was never given", { epoch: "", revision: 1_000_000 }],
  ])("gets a fresh snapshot when it comes %s", async (_, resume) => {
    const probe = await follower();
    const [first] = probe.messages;
    const epoch = first?.type === "snapshot" ? first.epoch : "";
    probe.subscribe({ resume: { ...resume, epoch: resume.epoch === "" ? epoch : resume.epoch } });
    await probe.next("snapshot");
    probe.close();
  });

  it("gets a fresh snapshot where what it missed is no longer kept", async () => {
    const probe = await follower();
    const [first] = probe.messages;
    if (first?.type !== "snapshot") throw new Error("no snapshot");
    const at = running.now() - 7_200_000;
    // More messages than are kept: excursions are published one by one.
    await running.commit(
      Array.from({ length: 2_001 }, (_, i) =>
        judgementOutput(
          {
            kind: "excursion-closed",
            excursion: excursionOf(at + i, { until: at + 3_600_000, ended: "in-range" }),
          },
          at,
        ),
      ),
    );
    await probe.next("excursion");
    probe.close();
    const back = await FeedProbe.open(running.feedUrl);
    back.subscribe({ resume: { epoch: first.epoch, revision: first.revision } });
    await back.next("snapshot");
    back.close();
  });
});

describe("a client that does not read", () => {
  it("costs the others nothing, and gets a fresh snapshot in place of the backlog once it reads again", async () => {
    const own = await runApi();
    const frozen = await FeedProbe.open(own.feedUrl);
    frozen.subscribe();
    await frozen.next("snapshot");
    const reading = await FeedProbe.open(own.feedUrl);
    reading.subscribe();
    await reading.next("snapshot");
    frozen.socket.pause();
    // More than the kernel's buffers and ours hold together, in portions that a reader keeps up with.
    const engine = "e".repeat(500);
    for (let i = 0; i < 16_000; i += 200) {
      await own.commit(
        Array.from({ length: 200 }, (_, j) =>
          judgementOutput(
            { kind: "excursion-opened", excursion: excursionOf(i + j, { engine }) },
            0,
          ),
        ),
      );
      for (let j = 0; j < 200; j++) await reading.next("excursion");
    }
    frozen.socket.resume();
    let got = 0;
    while ((await frozen.next("excursion", "snapshot")).type === "excursion") got += 1;
    expect(got).toBeLessThan(16_000);
    const metrics = await own.metrics.snapshot();
    const forced = metrics.find(({ name }) => name === "unbroken_feed_snapshots_forced_total");
    expect(forced?.values[0]?.value).toBeGreaterThanOrEqual(1);
    frozen.close();
    reading.close();
    await own.stop();
  });
});

describe("who may open a feed", () => {
  it.each<[string, Record<string, string>, number]>([
    ["nobody", {}, 401],
    ["a wrong token", { authorization: "Bearer wrong" }, 401],
    ["something that is no token", { authorization: "Basic YWRtaW46YWRtaW4=" }, 401],
    ["an unknown session", { cookie: "unbroken_session=abc" }, 401],
    ["a page elsewhere", { authorization: `Bearer ${TOKEN}`, origin: "https://evil.example" }, 403],
    [
      "a page without an origin of its own",
      { authorization: `Bearer ${TOKEN}`, origin: "null" },
      403,
    ],
    ["an allowed page", { authorization: `Bearer ${TOKEN}`, origin: "https://board.example" }, 101],
    ["the token alone", { authorization: `Bearer ${TOKEN}` }, 101],
  ])("%s: %#", async (_, headers, status) => {
    expect(await upgradeStatus(running.feedUrl, headers)).toBe(status);
  });

  it("a page of our own with the session's cookie, and no other page with it", async () => {
    const { headers } = await running.call("openSession", { body: { token: TOKEN } });
    const cookie = (headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(await upgradeStatus(running.feedUrl, { cookie, origin: running.url })).toBe(101);
    expect(await upgradeStatus(running.feedUrl, { cookie, origin: "http://evil.example" })).toBe(
      403,
    );
    await running.call("closeSession", { headers: { cookie } });
    expect(await upgradeStatus(running.feedUrl, { cookie, origin: running.url })).toBe(401);
  });

  it("who has a ticket, once and within 30 seconds", async () => {
    const issue = async (): Promise<string> => {
      const { body } = await running.call("openFeedTicket");
      return (body as { ticket: string }).ticket;
    };
    const first = `${running.feedUrl}?ticket=${await issue()}`;
    expect(await upgradeStatus(first, {})).toBe(101);
    expect(await upgradeStatus(first, {})).toBe(401);
    const late = `${running.feedUrl}?ticket=${await issue()}`;
    running.advance(30_001);
    expect(await upgradeStatus(late, {})).toBe(401);
  });

  it("nobody at another address", async () => {
    const url = running.feedUrl.replace("/feed", "/other");
    expect(await upgradeStatus(url, { authorization: `Bearer ${TOKEN}` })).toBe(404);
  });

  it("no more clients than the settings allow", async () => {
    const small = await runApi({ http: { feedClientsMax: 2 } });
    const ask = () => upgradeStatus(small.feedUrl, { authorization: `Bearer ${TOKEN}` });
    const first = await FeedProbe.open(small.feedUrl);
    const second = await FeedProbe.open(small.feedUrl);
    expect(await ask()).toBe(503);
    first.close();
    await expect.poll(ask, { timeout: 10_000 }).toBe(101);
    second.close();
    await small.stop();
  });
});
