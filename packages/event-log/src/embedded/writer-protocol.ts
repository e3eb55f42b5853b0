import { UnbrokenError, type Code, type Details } from "@unbroken/errors";
import type { PackedAppend, WriterOptions } from "./writer.ts";
import type { MessagePort } from "node:worker_threads";

/** What the writer's thread is started with. */
export interface WriterStart {
  readonly options: WriterOptions;
  readonly groupMax: number;
  /** The owner's port, on which alone it takes orders. */
  readonly port: MessagePort;
}

/** From a caller to the writer. */
export type ToWriter =
  | ({ readonly kind: "append"; readonly id: number; readonly records: number } & PackedAppend)
  /** From now on tell this port about appends of others. */
  | { readonly kind: "follow" }
  // Only the owner may ask for these.
  | { readonly kind: "attach"; readonly port: MessagePort }
  | {
      readonly kind: "trim";
      readonly id: number;
      readonly partition: number;
      readonly offset: number;
    }
  | { readonly kind: "close" };

/** From the writer to a caller. */
export type FromWriter =
  | { readonly kind: "opened"; readonly partitions: number }
  | { readonly kind: "refused"; readonly error: PlainError }
  | { readonly kind: "done"; readonly id: number; readonly firsts: readonly number[] }
  | { readonly kind: "failed"; readonly id: number; readonly error: PlainError }
  | { readonly kind: "appended" }
  | { readonly kind: "trimmed"; readonly id: number; readonly first: number }
  /** Pairs of seconds and records, one pair for each flush since the last message. */
  | { readonly kind: "flushed"; readonly samples: Float64Array }
  | { readonly kind: "fatal"; readonly error: PlainError }
  | { readonly kind: "closed" };

/** An UnbrokenError as it crosses threads: structured clone would keep neither its class nor its code. */
export interface PlainError {
  readonly code: Code;
  readonly message: string;
  readonly details: Details;
}

/** Any failure of the writer that has no code of its own is a failure of the store: nothing more is known about it. */
export function plainError(error: unknown): PlainError {
  if (error instanceof UnbrokenError)
    return { code: error.code, message: error.message, details: error.details };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "UB_STORE_IO", message, details: {} };
}

export function revivedError({ code, message, details }: PlainError): UnbrokenError {
  return new UnbrokenError(code, message, details);
}
