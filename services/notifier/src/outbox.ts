import { UnbrokenError } from "@unbroken/errors";
import { keyOf, type AlertDelivery, type RecipientChannel, type Registry } from "@unbroken/model";
import type { Logger, Metrics } from "@unbroken/observability";
import { HOUR, SECOND, type EpochMs } from "@unbroken/units";
import type { Channels, Parcel } from "./channel/channel.ts";
import type { NotifyStore, WaitingParcel } from "./notify-store.ts";

const AT_ONCE = 8;
const FIRST_WAIT_MS = 5 * SECOND;
const LONGEST_WAIT_MS = HOUR;

interface OutboxDeps {
  readonly store: NotifyStore;
  readonly registry: Registry;
  readonly channels: Channels;
  readonly attemptsMax: number;
  readonly now: () => EpochMs;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Something about a delivery changed and is to be stored. */
  readonly changed: () => void;
}

/** What a delivery came to: null where it was taken. */
type Outcome = { readonly code: string; readonly retry: boolean } | null;

/**
 * Sends what waits, one parcel at a time to each recipient, some recipients at once. Failures are tried again after ever
 * longer, jittered waits, and given up after `attemptsMax`; then it is on record, counted and shown.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #busy = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Starts all that is due. Only call it when what it sends has been stored. */
  send(): void {
    if (this.#stopped) return;
    const now = this.#deps.now();
    for (const waiting of this.#deps.store.parcels.values()) {
      if (this.#busy.size >= AT_ONCE) return;
      const recipient = keyOf(waiting.parcel.organisation, waiting.parcel.recipient);
      if (waiting.nextAt > now || this.#busy.has(recipient)) continue;
      const attempt = this.#attempt(waiting).finally(() => {
        this.#busy.delete(recipient);
        this.#deps.changed();
      });
      this.#busy.set(recipient, attempt);
    }
  }

  /** Starts nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#busy.values());
  }

  async #attempt(waiting: WaitingParcel): Promise<void> {
    const { metrics, logger } = this.#deps;
    const { parcel, channel } = waiting;
    const started = performance.now();
    const outcome = await this.#deliver(parcel, channel);
    metrics.observe("unbroken_notifier_delivery_seconds", (performance.now() - started) / 1_000, {
      channel,
    });
    const attempts = waiting.attempts + 1;
    const state = stateAfter(outcome, attempts, this.#deps.attemptsMax);
    metrics.count("unbroken_notifier_deliveries_total", 1, {
      channel,
      outcome: state === "waiting" ? "retried" : state,
    });
    if (outcome !== null)
      logger.warn({ code: outcome.code, parcel: parcel.id, attempts, state }, "not delivered");
    await this.#record(waiting, attempts, state, outcome?.code ?? null);
  }

  async #deliver(parcel: Parcel, kind: RecipientChannel["kind"]): Promise<Outcome> {
    const { registry, channels, now, logger } = this.#deps;
    const entry = registry.recipients.get(keyOf(parcel.organisation, parcel.recipient));
    if (entry?.active !== true || entry.channel.kind !== kind)
      return { code: "UB_NOTIFY_RECIPIENT_GONE", retry: false };
    try {
      const { channel } = entry;
      if (channel.kind === "webhook") await channels.webhook.deliver(parcel, channel, now());
      else await channels.email.deliver(parcel, channel, now());
      return null;
    } catch (error) {
      if (error instanceof UnbrokenError)
        return { code: error.code, retry: error.retry === "later" };
      logger.error({ err: error, parcel: parcel.id }, "a channel failed in a way it should not");
      return { code: "UB_INTERNAL", retry: true };
    }
  }

  async #record(
    waiting: WaitingParcel,
    attempts: number,
    state: AlertDelivery["state"],
    code: string | null,
  ): Promise<void> {
    const { store, now, random } = this.#deps;
    const { parcel, channel } = waiting;
    const at = now();
    // A newer message may have taken its place while it was under way.
    const isSuperseded = !store.parcels.has(parcel.id);
    if (isSuperseded && state !== "delivered") return;
    if (state === "waiting")
      store.putParcel({ ...waiting, attempts, nextAt: at + waitAfter(attempts, random()) });
    else store.removeParcel(parcel.id);
    let delivery: AlertDelivery = {
      id: parcel.id,
      recipient: parcel.recipient,
      channel,
      kind: parcel.message.kind,
      state,
      attempts,
      at,
      code,
    };
    await store.changeAlert(parcel, (alert) => ({
      ...alert,
      deliveries: alert.deliveries.map((each) => {
        if (each.id !== parcel.id) return each;
        delivery = { ...each, state, attempts, at, code };
        return delivery;
      }),
    }));
    if (state === "failed")
      store.putFailure({ organisation: parcel.organisation, alert: parcel.alert, delivery });
  }
}

function stateAfter(
  outcome: Outcome,
  attempts: number,
  attemptsMax: number,
): "delivered" | "waiting" | "failed" {
  if (outcome === null) return "delivered";
  return outcome.retry && attempts < attemptsMax ? "waiting" : "failed";
}

/** 5 s, 15 s, 45 s … an hour, each a fifth more or less, so that many do not come back at once. */
export function waitAfter(attempts: number, random: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 3 ** (attempts - 1), LONGEST_WAIT_MS);
  return Math.round(wait * (0.8 + 0.4 * random));
}
