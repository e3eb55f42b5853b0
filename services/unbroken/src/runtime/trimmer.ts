import type { EventLog } from "@unbroken/event-log";
import { inspectLog } from "@unbroken/event-log/embedded";
import type { Logger } from "@unbroken/observability";
import type { ServiceThread } from "./service-thread.ts";

const EVERY_MS = 3_600_000;

interface TrimmerDeps {
  readonly log: EventLog;
  readonly dir: string;
  /** How long messages stay, in ms. */
  readonly keepMessages: number;
  /** How long readings stay in the time series, in ms. */
  readonly keepReadings: number;
  readonly processor: ServiceThread;
  readonly logger: Logger;
}

/**
 * Each hour: forgets messages that are older than they must be kept and that the processor has applied, and readings of
 * the time series that are older than they must be.
 */
export function startTrimmer(deps: TrimmerDeps): { readonly stop: () => void } {
  const timer = setInterval(() => {
    trim(deps).catch((error: unknown) =>
      deps.logger.error({ err: error }, "forgetting what is old failed; nothing is lost by it"),
    );
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

async function trim({
  log,
  dir,
  keepMessages,
  keepReadings,
  processor,
  logger,
}: TrimmerDeps): Promise<void> {
  await processor.ask("retain", Date.now() - keepReadings);
  const applied = (await processor.ask("applied")) as number;
  const oldest = new Date(Date.now() - keepMessages).toISOString().slice(0, 10);
  const kept = inspectLog(dir).days.find(({ day }) => day >= oldest);
  if (kept === undefined) return;
  const first = await log.trim(0, Math.min(kept.firstOffset, applied));
  logger.info({ first, oldest }, "messages before this offset are forgotten");
}
