import type { Settings } from "@unbroken/config";
import { durationOf } from "@unbroken/model";
import { MINUTE } from "@unbroken/units";

/** When to speak. All in ms, but for `repeatsMax`. */
export interface AlertPolicy {
  readonly repeatEveryMs: number;
  readonly repeatsMax: number;
  /** Nothing may have lasted for so long before an alert is called over. */
  readonly quietMs: number;
  /** What ended longer ago when it was learnt is told to nobody. */
  readonly lateAfterMs: number;
  readonly silenceAfterMs: number;
  readonly silenceUrgentAfterMs: number;
  /** Evidence that is older than `staleMs` may be a backlog: then wait until it has stood still for `settleMs`. */
  readonly settleMs: number;
  readonly staleMs: number;
  /** But never longer than this. */
  readonly holdMaxMs: number;
}

export function alertPolicyOf(settings: Settings["notify"]): AlertPolicy {
  return {
    repeatEveryMs: durationOf(settings.repeatEvery),
    repeatsMax: settings.repeatsMax,
    quietMs: durationOf(settings.quiet),
    lateAfterMs: durationOf(settings.lateAfter),
    silenceAfterMs: durationOf(settings.silenceAfter),
    silenceUrgentAfterMs: durationOf(settings.silenceUrgentAfter),
    settleMs: durationOf(settings.settle),
    staleMs: 30 * MINUTE,
    holdMaxMs: 30 * MINUTE,
  };
}
