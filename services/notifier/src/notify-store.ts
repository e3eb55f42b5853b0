import { UnbrokenError } from "@unbroken/errors";
import type { StageStore } from "@unbroken/event-log";
import {
  Alert,
  CAUSES,
  FAILED_DELIVERIES,
  causeKey,
  failedDeliveryKey,
  pastAlertKey,
  type FailedDelivery,
  type RecipientChannel,
} from "@unbroken/model";
import type { Parcel } from "./channel/channel.ts";

/** Up to where the inputs are taken in, by partition. */
export interface Cursor {
  /** The sequence of the next commit of the processor, and up to which offset of the log the last one went. */
  readonly commits: readonly { readonly next: number; readonly to: number }[];
  /** The offset of the next fact. */
  readonly facts: readonly number[];
}

/** A parcel that is not delivered yet. */
export interface WaitingParcel {
  readonly parcel: Parcel;
  readonly channel: RecipientChannel["kind"];
  readonly createdAt: number;
  readonly attempts: number;
  readonly nextAt: number;
}

const CURSOR_KEY = "cursor";
const OUTBOX = "out/";
const PAGE = 500;
/** Commits of the store that are kept: nobody follows them. */
const TRIM_EVERY = 256;

/**
 * What the notifier knows, in memory and on disk. Changes are made in memory; `flush` writes all that changed since the
 * last one, with the cursor, in one step or not at all.
 */
export class NotifyStore {
  /** The latest alert of each cause, by its key. */
  readonly alerts = new Map<string, Alert>();
  readonly parcels = new Map<string, WaitingParcel>();
  readonly #stage: StageStore;
  #dirty = new Map<string, Uint8Array | null>();
  #applied: number;
  #cursor: Cursor | null;

  private constructor(stage: StageStore, applied: number, cursor: Cursor | null) {
    this.#stage = stage;
    this.#applied = applied;
    this.#cursor = cursor;
  }

  static async open(stage: StageStore): Promise<NotifyStore> {
    const row = await stage.getState(0, CURSOR_KEY);
    const cursor = row === null ? null : (parsed(row) as Cursor);
    const store = new NotifyStore(stage, await stage.applied(0), cursor);
    await store.#each(CAUSES, (key, value) => store.alerts.set(key, Alert.parse(value)));
    await store.#each(OUTBOX, (_, value) => {
      // Written by this very class, under a checksum.
      const waiting = value as WaitingParcel;
      store.parcels.set(waiting.parcel.id, waiting);
    });
    return store;
  }

  get cursor(): Cursor | null {
    return this.#cursor;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** Takes the place of the cause's alert before it, which then is one of the past. */
  putAlert(alert: Alert): void {
    const key = causeKey(alert);
    const before = this.alerts.get(key);
    if (before !== undefined && before.id !== alert.id) this.#put(pastAlertKey(before), before);
    this.alerts.set(key, alert);
    this.#put(key, alert);
  }

  /** Changes an alert wherever it is; one that is not kept any more stays so. */
  async changeAlert(
    { organisation, alert: id }: Pick<Parcel, "organisation" | "alert">,
    change: (alert: Alert) => Alert,
  ): Promise<void> {
    for (const latest of this.alerts.values())
      if (latest.id === id && latest.organisation === organisation) {
        this.putAlert(change(latest));
        return;
      }
    const openedAt = Number(id.slice(id.lastIndexOf(".") + 1));
    const key = pastAlertKey({ organisation, id, openedAt });
    const row = this.#dirty.get(key) ?? (await this.#stage.getState(0, key));
    if (row !== null) this.#put(key, change(Alert.parse(parsed(row))));
  }

  putParcel(waiting: WaitingParcel): void {
    this.parcels.set(waiting.parcel.id, waiting);
    this.#put(outboxKey(waiting), waiting);
  }

  removeParcel(id: string): void {
    const waiting = this.parcels.get(id);
    if (waiting === undefined) return;
    this.parcels.delete(id);
    this.#dirty.set(outboxKey(waiting), null);
  }

  putFailure(failed: FailedDelivery): void {
    this.#put(failedDeliveryKey(failed.delivery.at, failed.delivery.id), failed);
  }

  /** How many deliveries were given up at or after `oldest`; counts no further than `max`. */
  async failuresSince(oldest: number, max: number): Promise<number> {
    const rows = await this.#stage.scanState(0, FAILED_DELIVERIES, null, max);
    return rows.filter(([, row]) => (parsed(row) as FailedDelivery).delivery.at >= oldest).length;
  }

  /** @throws UB_LOG_FULL: nothing was written, and the next flush writes it; UB_STORE_IO, UB_CHECKPOINT_FENCED */
  async flush(cursor: Cursor): Promise<void> {
    const writing = this.#dirty;
    this.#dirty = new Map();
    try {
      await this.#stage.commit({
        partition: 0,
        from: this.#applied,
        to: this.#applied + 1,
        state: [...writing, [CURSOR_KEY, bytes(cursor)]],
        outputs: [],
      });
    } catch (error) {
      // What was changed meanwhile is newer than what could not be written.
      this.#dirty = new Map([...writing, ...this.#dirty]);
      throw error;
    }
    this.#applied += 1;
    this.#cursor = cursor;
    if (this.#applied % TRIM_EVERY === 0)
      await this.#stage.trimCommits(0, await this.#stage.endOfCommits(0));
  }

  /** Forgets past alerts and failures from before `oldest`, our clock. @returns how many */
  async forget(oldest: number, cursor: Cursor): Promise<number> {
    let forgotten = 0;
    const drop = (key: string, at: number): void => {
      if (at >= oldest) return;
      this.#dirty.set(key, null);
      forgotten += 1;
    };
    await this.#each("past/", (key, value) => drop(key, (value as Alert).openedAt));
    await this.#each(FAILED_DELIVERIES, (key, value) =>
      drop(key, (value as FailedDelivery).delivery.at),
    );
    if (forgotten > 0) await this.flush(cursor);
    return forgotten;
  }

  #put(key: string, value: unknown): void {
    this.#dirty.set(key, bytes(value));
  }

  async #each(prefix: string, take: (key: string, value: unknown) => void): Promise<void> {
    for (let after: string | null = null; ;) {
      const rows = await this.#stage.scanState(0, prefix, after, PAGE);
      for (const [key, row] of rows) take(key, parsed(row));
      after = rows.at(-1)?.[0] ?? null;
      if (after === null) return;
    }
  }
}

/** Whether a failure to write passes by itself. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof UnbrokenError && error.code === "UB_LOG_FULL";
}

function outboxKey({ parcel, createdAt }: WaitingParcel): string {
  return `${OUTBOX}${String(createdAt).padStart(16, "0")}/${parcel.id}`;
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function parsed(row: Uint8Array): unknown {
  return JSON.parse(Buffer.from(row).toString()) as unknown;
}
