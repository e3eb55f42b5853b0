import type { DurationMs } from "@unbroken/units";
import type { Verdict } from "../finding.ts";
import { ratioHalfUp } from "../ratio-half-up.ts";
import { temperatureOfAgeing } from "./reference-rate.ts";
import type { StretchAccount } from "./stretch-account.ts";

/** The mean weighted by time, in 1/10 000 °C, rounded once, half up; null without any value. */
export function meanOf({ valueMs, valueMilliMs }: StretchAccount): number | null {
  if (valueMs === 0) return null;
  return Number(ratioHalfUp(valueMilliMs * 10n, BigInt(valueMs)));
}

/**
 * Mean kinetic temperature weighted by time (USP ⟨1079.2⟩), in 1/10 000 °C, rounded once, half up; null without any
 * value.
 */
export function meanKineticOf(account: StretchAccount): number | null {
  const { valueMs, agedMs, activation } = account;
  if (valueMs === 0 || activation === null) return null;
  return temperatureOfAgeing(agedMs, BigInt(valueMs), activation);
}

/** Time for which it is proven whether the range was kept. */
export function coveredMs({ ms }: StretchAccount): DurationMs {
  return (ms.in + ms.high + ms.low) as DurationMs;
}

/** What an account says of a rule with which it was made. */
export interface StretchFinding {
  readonly verdict: Verdict;
  /** The longest run for `consecutive`, the whole time for `instant` and `cumulative`. */
  readonly provenMs: DurationMs;
  /** The same if all that is unproven was out; includes `provenMs`. */
  readonly possibleMs: DurationMs;
}

/** A rule whose answer follows from an account; a window of its own size needs the values themselves. */
export interface AccountedRule {
  readonly mode: "instant" | "consecutive" | "cumulative";
  readonly hold: DurationMs;
}

/** @param enough whether there is evidence at all: what nobody looked at is not intact. */
export function findingOfStretch(
  rule: AccountedRule,
  account: StretchAccount,
  enough: boolean,
): StretchFinding {
  const { ms, proven, possible } = account;
  const outMs = ms.high + ms.low;
  const consecutive = rule.mode === "consecutive";
  const provenMs = consecutive ? lengthOf(proven.longest) : outMs;
  const possibleMs = consecutive ? lengthOf(possible.longest) : outMs + ms.unproven;
  const broken = proven.count > 0 && provenMs >= rule.hold;
  const doubtful = rule.mode === "instant" ? possible.count > 0 : possibleMs >= rule.hold;
  return {
    verdict: broken ? "broken" : doubtful || !enough ? "unproven" : "intact",
    provenMs: provenMs as DurationMs,
    possibleMs: possibleMs as DurationMs,
  };
}

function lengthOf(run: StretchAccount["proven"]["longest"]): number {
  return run === null ? 0 : run.until - run.since;
}
