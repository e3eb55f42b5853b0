import type { ExcursionView, SpaceNow } from "@unbroken/model";
import type { AirLimit } from "../board/limits.ts";
import type { Trace } from "./trace.ts";

/** All that a curve shows beside the lines; times in epoch ms. */
export interface Picture {
  readonly traces: readonly Trace[];
  readonly from: number;
  readonly to: number;
  readonly low: AirLimit | null;
  readonly high: AirLimit | null;
  readonly excursions: readonly ExcursionView[];
  readonly unproven: readonly { readonly from: number; readonly to: number }[];
  /** What happened to the room, and when nothing was judged. */
  readonly bands: readonly {
    readonly from: number;
    readonly to: number;
    readonly kind: "off" | "door" | "defrost";
  }[];
  readonly words: {
    readonly off: string;
    readonly gap: string;
    readonly peak: (value: string) => string;
    readonly clock: (at: number) => string;
  };
}

/** The stretches of a timeline that nobody can vouch for, cut to the range, with what no stretch covers. */
export function unprovenOf(
  timeline: SpaceNow["timeline"],
  from: number,
  to: number,
): readonly { readonly from: number; readonly to: number }[] {
  const holes: { from: number; to: number }[] = [];
  let reached = from;
  for (const stretch of timeline) {
    if (stretch.class === "unproven") continue;
    const start = Math.min(to, Math.max(from, Date.parse(stretch.from)));
    const end = Math.min(to, stretch.to === null ? to : Date.parse(stretch.to));
    if (start > reached) holes.push({ from: reached, to: start });
    reached = Math.max(reached, end);
  }
  if (reached < to) holes.push({ from: reached, to });
  return holes;
}

/** When a space was out of service. */
export function offOf(
  timeline: SpaceNow["timeline"],
  from: number,
  to: number,
): readonly { readonly from: number; readonly to: number; readonly kind: "off" }[] {
  return timeline.flatMap((stretch) => {
    const start = Math.max(from, Date.parse(stretch.from));
    const end = Math.min(to, stretch.to === null ? to : Date.parse(stretch.to));
    return stretch.class !== "off" || end <= start ? [] : [{ from: start, to: end, kind: "off" }];
  });
}

/** The breaks that all lines share, for the time of which no timeline is kept; `until` in epoch ms. */
export function silencesOf(
  traces: readonly Trace[],
  until: number,
): readonly { readonly from: number; readonly to: number }[] {
  const [first] = traces;
  if (first === undefined) return [];
  return first.at.flatMap((at, i) => {
    const next = first.at[i + 1] ?? until;
    if (first.mean[i] !== null || at >= until) return [];
    const isHeard = traces.some((trace) =>
      trace.at.some((time, k) => time > at && time < next && trace.mean[k] !== null),
    );
    return isHeard ? [] : [{ from: at, to: Math.min(next, until) }];
  });
}
