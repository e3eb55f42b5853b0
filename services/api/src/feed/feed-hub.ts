import { randomUUID } from "node:crypto";
import type { Metrics } from "@unbroken/observability";
import { FeedRequest, keyOf, type ExcursionView } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { Board, ExcursionChange } from "../board/board.ts";
import { iso } from "../views.ts";
import type { FeedClient } from "./feed-client.ts";
import { FeedRing, type FeedEntry } from "./feed-ring.ts";
import { sees, subscriptionOf, textFor, type Subscription } from "./subscription.ts";

export interface FeedHubDeps {
  readonly board: Board;
  readonly metrics: Metrics;
  readonly now: () => EpochMs;
}

const GATHER_MS = 100;
/** No eye follows a tile that changes more often: a space is sent this often at the most, its excursions at once. */
const SPACE_EVERY_MS = 1_000;
const HEARTBEAT_MS = 10_000;
const CHECK_MS = 250;

/**
 * What changes on the board goes out to those who follow it: excursions at once, all else gathered for 100 ms, and each
 * space once a second at the most.
 * `revision` grows by one with each message published, over all subscriptions, so a client sees it grow by one or more;
 * snapshots and heartbeats carry the latest one. Everything up to the revision that a client saw last has been sent to it.
 */
export class FeedHub {
  readonly epoch = randomUUID();
  readonly #deps: FeedHubDeps;
  readonly #clients = new Set<FeedClient>();
  readonly #ring = new FeedRing();
  readonly #dirty = new Map<string, readonly [organisation: string, space: string]>();
  /** When a space was last sent, by the monotonic clock. */
  readonly #sentAt = new Map<string, number>();
  #quarantined = new Set<string>();
  readonly #snapshots = new Map<string, string>();
  #revision = 0;
  #gathering: NodeJS.Timeout | null = null;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(deps: FeedHubDeps) {
    this.#deps = deps;
    deps.board.listen({
      excursion: (change, excursion) => this.#publishExcursion(change, excursion),
      changed: (organisation, space) => {
        this.#dirty.set(keyOf(organisation, space), [organisation, space]);
        this.#gather();
      },
      quarantined: (organisation) => {
        this.#quarantined.add(organisation);
        this.#gather();
      },
    });
    this.#timers = [
      setInterval(() => this.#heartbeat(), HEARTBEAT_MS).unref(),
      setInterval(() => this.#checkClients(), CHECK_MS).unref(),
    ];
  }

  get size(): number {
    return this.#clients.size;
  }

  add(client: FeedClient): void {
    this.#clients.add(client);
    this.#deps.metrics.set("unbroken_feed_clients", this.#clients.size);
  }

  remove(client: FeedClient): void {
    this.#clients.delete(client);
    this.#deps.metrics.set("unbroken_feed_clients", this.#clients.size);
  }

  /** What a client says: a subscription, or something that is not understood. */
  hear(client: FeedClient, text: string): void {
    if (!client.maySpeak()) {
      client.close(1008, "too many requests");
      return;
    }
    const request = FeedRequest.safeParse(parseJson(text));
    if (!request.success) {
      const detail = request.error.issues[0]?.message ?? "not understood";
      this.#send(
        client,
        "error",
        JSON.stringify({ type: "error", code: "UB_REQUEST_INVALID", detail }),
      );
      return;
    }
    client.subscription = subscriptionOf(request.data);
    const { resume } = request.data;
    const missed =
      resume?.epoch === this.epoch ? this.#ring.since(resume.revision, this.#revision) : null;
    if (missed === null) this.#sendSnapshot(client, client.subscription);
    else for (const entry of missed) this.#sendEntry(client, client.subscription, entry);
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    for (const client of this.#clients) client.close(1001, "the server stops");
  }

  terminate(): void {
    for (const client of this.#clients) client.terminate();
  }

  #publishExcursion(change: ExcursionChange, excursion: ExcursionView): void {
    const { organisation, space } = excursion;
    // Its tile says the same, as soon as what goes with it is gathered.
    this.#sentAt.delete(keyOf(organisation, space));
    const parts = [{ organisation, space, json: JSON.stringify(excursion) }];
    this.#publish({ type: "excursion", change, parts, quarantined: new Set() });
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#publishDelta();
    }, GATHER_MS).unref();
  }

  #publishDelta(): void {
    const now = performance.now();
    const parts = [...this.#dirty].flatMap(([key, [organisation, space]]) => {
      if (now - (this.#sentAt.get(key) ?? Number.NEGATIVE_INFINITY) < SPACE_EVERY_MS) return [];
      this.#sentAt.set(key, now);
      this.#dirty.delete(key);
      const view = this.#deps.board.space(organisation, space);
      return view === null ? [] : [{ organisation, space, json: JSON.stringify(view) }];
    });
    const quarantined = this.#quarantined;
    this.#quarantined = new Set();
    if (this.#dirty.size > 0) this.#gather();
    if (parts.length > 0 || quarantined.size > 0)
      this.#publish({ type: "delta", parts, quarantined });
  }

  #publish(message: Omit<FeedEntry, "revision" | "at">): void {
    this.#revision += 1;
    this.#snapshots.clear();
    const entry = { ...message, revision: this.#revision, at: iso(this.#deps.now()) };
    this.#ring.push(entry);
    const texts = new Map<string, string | null>();
    for (const client of this.#clients) {
      const { subscription } = client;
      if (subscription === null) continue;
      let text = texts.get(subscription.key);
      if (text === undefined) {
        text = this.#textOf(subscription, entry);
        texts.set(subscription.key, text);
      }
      if (text !== null) this.#send(client, entry.type, text);
    }
  }

  #sendEntry(client: FeedClient, subscription: Subscription, entry: FeedEntry): void {
    const text = this.#textOf(subscription, entry);
    if (text !== null) this.#send(client, entry.type, text);
  }

  #textOf(subscription: Subscription, entry: FeedEntry): string | null {
    const quarantined = this.#deps.board.quarantined(subscription.organisation);
    return textFor(subscription, entry, this.epoch, quarantined);
  }

  #sendSnapshot(client: FeedClient, subscription: Subscription): void {
    let text = this.#snapshots.get(subscription.key);
    if (text === undefined) {
      const { board, now } = this.#deps;
      text = JSON.stringify({
        type: "snapshot",
        epoch: this.epoch,
        revision: this.#revision,
        at: iso(now()),
        spaces: board.spaces().filter((space) => sees(subscription, space)),
        quarantined: board.quarantined(subscription.organisation),
      });
      this.#snapshots.set(subscription.key, text);
    }
    client.sendSnapshot(text);
    this.#deps.metrics.count("unbroken_feed_messages_total", 1, { type: "snapshot" });
  }

  #send(client: FeedClient, type: string, text: string): void {
    if (client.send(text, performance.now()))
      this.#deps.metrics.count("unbroken_feed_messages_total", 1, { type });
  }

  #heartbeat(): void {
    const text = JSON.stringify({
      type: "heartbeat",
      epoch: this.epoch,
      revision: this.#revision,
      at: iso(this.#deps.now()),
    });
    for (const client of this.#clients) {
      if (!client.heartbeat()) client.terminate();
      else if (!client.principal.holds()) client.close(1008, "the session has ended");
      else this.#send(client, "heartbeat", text);
    }
    // A snapshot says what time it is of; without news it would grow old.
    this.#snapshots.clear();
  }

  #checkClients(): void {
    const now = performance.now();
    for (const client of this.#clients) {
      const state = client.check(now);
      if (state === "drained" && client.subscription !== null) {
        this.#deps.metrics.count("unbroken_feed_snapshots_forced_total");
        this.#sendSnapshot(client, client.subscription);
      } else if (state === "stuck") {
        client.close(1013, "reads too slowly");
        // What is buffered before the close frame will not be read either.
        setTimeout(() => client.terminate(), 1_000).unref();
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
