import type { LogAppender } from "@unbroken/event-log";
import type { EpochMs } from "@unbroken/units";

/**
 * One clock per log: writes our time into it, the only time that the processor knows. A tick that could not be
 * written is left out; the next one tells the same and more.
 */
export function startTicker(
  log: LogAppender,
  everyMs: number,
  now: () => EpochMs,
  onFailure: (error: unknown) => void,
): { readonly stop: () => void } {
  let writing = false;
  const timer = setInterval(() => {
    if (writing) return;
    writing = true;
    log
      .append([
        {
          topic: "ticks",
          organisation: "",
          key: "",
          receivedAt: now(),
          clock: "steady",
          body: new Uint8Array(),
        },
      ])
      .catch((error: unknown) => {
        if (!isPassing(error)) onFailure(error);
      })
      .finally(() => {
        writing = false;
      });
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

/** A full or busy disk passes; the log itself says when it does not. */
function isPassing(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return code === "UB_LOG_FULL" || code === "UB_LOG_BUSY" || code === "UB_LOG_CLOSED";
}
