import type { Judgement } from "@unbroken/model";
import type { DurationMs, EpochMs } from "@unbroken/units";
import { later, NEVER, NOT_YET } from "./moment.ts";
import type { Heard } from "./space-state.ts";
import { counts, countBefore, type Track } from "./track.ts";

type GapJudgement = Extract<Judgement, { kind: "gap-opened" | "gap-closed" }>;

/**
 * Which sensors of a space are silent, and since when: said while the silence lasts, as soon as it is too long.
 * A silence that only shows when it is over is said with its end.
 */
export function hearSensors(
  space: string,
  before: readonly Heard[],
  tracks: readonly Track[],
  frontier: EpochMs | null,
  gap: DurationMs | null,
): readonly [readonly Heard[], readonly GapJudgement[]] {
  const heard: Heard[] = [];
  const said: GapJudgement[] = [];
  for (const track of tracks) {
    if (track.quantity !== "temperature") continue;
    if (frontier === null || !counts(track, frontier) || track.at === NOT_YET) continue;
    const prior = before.find(({ sensor }) => sensor === track.sensor);
    if (prior !== undefined && gap !== null) sayEnded(space, prior, track, gap, said);
    const silent = gap !== null && isTooLong(track, gap);
    const saidAlready = prior?.silent === true && prior.at === track.at;
    if (silent && !saidAlready)
      said.push({ kind: "gap-opened", space, sensor: track.sensor, from: track.at });
    heard.push({ sensor: track.sensor, at: track.at, silent });
  }
  for (const { sensor, at, silent } of before) {
    if (!silent || heard.some((now) => now.sensor === sensor)) continue;
    const left = tracks.find((track) => track.sensor === sensor && track.to !== NEVER);
    said.push({ kind: "gap-closed", space, sensor, from: at, to: later(at, left?.to ?? at) });
  }
  return [heard, said];
}

/** Says the silences between what was heard before and what is heard now. */
function sayEnded(
  space: string,
  prior: Heard,
  { sensor, samples }: Track,
  gap: DurationMs,
  said: GapJudgement[],
): void {
  let from = prior.at;
  let open = prior.silent;
  for (let i = countBefore(samples, from); i < samples.length; i += 1) {
    const to = samples[i]?.at ?? from;
    if (to === from) continue;
    if (!open && to - from > gap) said.push({ kind: "gap-opened", space, sensor, from });
    if (open || to - from > gap) said.push({ kind: "gap-closed", space, sensor, from, to });
    from = to;
    open = false;
  }
}

/** Numbers that are missing in a short silence are no silence of the sensor. */
function isTooLong({ until, at }: Track, gap: DurationMs): boolean {
  return until - at > gap;
}
