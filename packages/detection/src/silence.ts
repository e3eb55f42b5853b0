import type { Thermal } from "@unbroken/model";
import { DAY, type EpochMs, type Milli } from "@unbroken/units";
import type { Limit } from "./evidence.ts";
import { earlier, later, NEVER } from "./moment.ts";
import { possiblyOut, type SilenceEnd } from "./signal/possibly-out.ts";
import type { SilenceTurns } from "./silence-turns.ts";
import { aheadOf, type Track } from "./track.ts";

/** A reading bounds the silence before it for so long at the most: what was said of older silence stands. */
export const SILENCE_REACH = DAY;

/** What physics leaves possible of the silence under a track's cursor. docs/rules.md, Evidence 7. */
export function silenceTurns(
  track: Track,
  limit: Limit,
  thermals: readonly Thermal[],
): SilenceTurns {
  const kept = (track.silences ??= new Map<object, SilenceTurns>());
  const known = kept.get(limit);
  if (known?.until === track.until) return known;
  const found = turnsOf(track, limit, thermals);
  kept.set(limit, found);
  return found;
}

function turnsOf(track: Track, limit: Limit, thermals: readonly Thermal[]): SilenceTurns {
  const { until } = track;
  const worse = (high: Milli | null, low: Milli | null): Milli | null =>
    limit.side === "high" ? high : low;
  const before: SilenceEnd = {
    at: track.at,
    value: track.fault === null ? worse(track.highest, track.lowest) : null,
  };
  const next = nextInstant(track);
  if (next === null) {
    const open = possiblyOut(limit, track.band, before, null, thermals);
    return open === null
      ? { until, from: NEVER, to: NEVER }
      : { until, from: open[0], to: open[1] ?? NEVER };
  }
  const after: SilenceEnd = {
    at: next.at,
    value: next.doubtful ? null : worse(next.high, next.low),
  };
  const band = Math.max(track.band, next.band) as Milli;
  const whole = possiblyOut(limit, band, before, after, thermals);
  const edge = (next.at - SILENCE_REACH) as EpochMs;
  const found: SilenceTurns =
    whole === null
      ? { until, from: NEVER, to: NEVER }
      : { until, from: whole[0], to: whole[1] ?? next.at };
  if (edge <= track.at) return found;
  const late = found.to <= edge ? null : { from: later(found.from, edge), to: found.to };
  const open = possiblyOut(limit, track.band, before, null, thermals);
  if (open === null || open[0] >= edge)
    return late === null ? { until, from: NEVER, to: NEVER } : { until, ...late };
  return { until, from: open[0], to: late?.to ?? edge };
}

interface NextInstant {
  readonly at: EpochMs;
  readonly high: Milli | null;
  readonly low: Milli | null;
  readonly doubtful: boolean;
  readonly band: Milli;
}

/** What is said at the end of the silence, as it will be believed. */
function nextInstant(track: Track): NextInstant | null {
  const first = track.samples[track.next];
  if (first === undefined) return null;
  const ahead = aheadOf(track, first.at);
  return {
    at: first.at,
    high: ahead.highest,
    low: ahead.lowest,
    doubtful: ahead.fault !== null || ahead.overdue,
    band: ahead.band,
  };
}

/** The first moment after `moment` at which what physics says of this silence turns. */
export function nextSilenceTurn({ from, to }: SilenceTurns, moment: EpochMs): EpochMs {
  return earlier(from > moment ? from : NEVER, to > moment ? to : NEVER);
}
