import type { RecipientChannel } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { ComposedMessage } from "../message/compose-message.ts";

/** One message on its way to one recipient. */
export interface Parcel {
  /** The same at each attempt, so that a receiver can tell a repeat. */
  readonly id: string;
  readonly organisation: string;
  readonly recipient: string;
  /** The alert that it is about: messages of one alert belong together. */
  readonly alert: string;
  readonly message: ComposedMessage;
}

/**
 * A way to reach people. `deliver` resolves when the other side has taken the parcel.
 * @throws UB_NOTIFY_…: `retry` says whether another attempt makes sense.
 */
export interface Channel<K extends RecipientChannel["kind"] = RecipientChannel["kind"]> {
  readonly kind: K;
  deliver(
    parcel: Parcel,
    target: Extract<RecipientChannel, { readonly kind: K }>,
    at: EpochMs,
  ): Promise<void>;
  /** Lets go of connections. */
  close(): void;
}

export type Channels = { readonly [K in RecipientChannel["kind"]]: Channel<K> };
