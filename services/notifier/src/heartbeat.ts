import type { Logger, Metrics } from "@unbroken/observability";
import { MINUTE, type EpochMs } from "@unbroken/units";
import { sendOutgoing } from "./channel/outgoing-request.ts";

/** What the heartbeat vouches for, as it stands now. */
export interface Vitals {
  /** The end of the log: our clock is written into it every few seconds, so it moves while the log takes records. */
  readonly logEnd: number;
  /** Records that the processor has not judged, and its commits that the notifier has not read. */
  readonly lagRecords: number;
  readonly lagCommits: number;
}

const LAG_RECORDS_MAX = 20_000;
const LAG_COMMITS_MAX = 1_000;
/** The log must have moved within this. */
const STANDSTILL_MAX_MS = MINUTE;

/** What is not well; null if everything is. Remembers when the log last moved. */
export class Pulse {
  #end = -1;
  #movedAt = Number.NEGATIVE_INFINITY;

  check({ logEnd, lagRecords, lagCommits }: Vitals, nowMs: number): string | null {
    if (logEnd !== this.#end) {
      this.#end = logEnd;
      this.#movedAt = nowMs;
    }
    if (nowMs - this.#movedAt > STANDSTILL_MAX_MS) return "the log takes no records";
    if (lagRecords > LAG_RECORDS_MAX) return `the processor is ${lagRecords} records behind`;
    if (lagCommits > LAG_COMMITS_MAX) return `the notifier is ${lagCommits} commits behind`;
    return null;
  }
}

interface HeartbeatDeps {
  readonly url: URL;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly version: string;
  readonly vitals: () => Promise<Vitals>;
  readonly now: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * A sign of life to a watcher elsewhere, only while everything is well: what nobody hears, nobody can send an alert about.
 * The address is the operator's own setting, so it may lead anywhere.
 */
export function startHeartbeat(deps: HeartbeatDeps): { readonly stop: () => void } {
  const { url, everyMs, timeoutMs, version, logger, metrics, now } = deps;
  const pulse = new Pulse();
  let isBeating = false;
  const counted = (outcome: "sent" | "withheld" | "failed"): void =>
    metrics.count("unbroken_notifier_heartbeats_total", 1, { outcome });
  async function beat(): Promise<void> {
    const unwell = pulse.check(await deps.vitals(), now());
    if (unwell !== null) {
      counted("withheld");
      logger.error({ why: unwell }, "no heartbeat is sent, so that the watcher outside raises it");
      return;
    }
    const host = url.hostname.replaceAll(/^\[|\]$/g, "");
    const rules = { timeoutMs, plainHttp: true, privateHosts: new Set([host]) };
    const headers = { "user-agent": `unbroken/${version}` };
    const status = await sendOutgoing(url, { method: "GET", headers, body: null }, rules);
    counted(status < 300 ? "sent" : "failed");
    if (status >= 300) logger.warn({ status }, "the watcher did not take the heartbeat");
  }
  const timer = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    beat()
      .catch((error: unknown) => {
        counted("failed");
        logger.warn({ err: error }, "the heartbeat did not arrive");
      })
      .finally(() => {
        isBeating = false;
      });
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
