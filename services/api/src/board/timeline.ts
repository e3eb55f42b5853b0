import type { EvidenceStretch } from "@unbroken/model";

/** From `from` on the timeline is now `stretches`, whatever was said before. */
export function replaced(
  timeline: readonly EvidenceStretch[],
  from: number,
  stretches: readonly EvidenceStretch[],
): readonly EvidenceStretch[] {
  return joined([...cut(timeline, Number.NEGATIVE_INFINITY, from), ...stretches]);
}

/** The part within `[from, to)`. A stretch that lasts stays open. */
export function cut(
  timeline: readonly EvidenceStretch[],
  from: number,
  to: number,
): readonly EvidenceStretch[] {
  return timeline.flatMap((stretch) => {
    const start = Math.max(stretch.from, from);
    const end =
      stretch.to === null
        ? to === Number.POSITIVE_INFINITY
          ? null
          : to
        : Math.min(stretch.to, to);
    return end !== null && end <= start ? [] : [{ ...stretch, from: start, to: end }];
  });
}

/**
 * The part from `from` on, as of now: a stretch that lasts is unproven from where its sensors fell silent, for silence
 * is not cold. In range takes all of them to prove; out of range goes on as long as one is heard.
 */
export function asOf(
  timeline: readonly EvidenceStretch[],
  silentFrom: { readonly some: number | null; readonly all: number | null },
  from: number,
): readonly EvidenceStretch[] {
  const whole = cut(timeline, from, Number.POSITIVE_INFINITY);
  const last = whole.at(-1);
  // Out of service is stated, not measured: silence takes nothing from it.
  if (last?.to !== null || last.class === "unproven" || last.class === "off") return whole;
  const silent = last.class === "in" ? silentFrom.some : silentFrom.all;
  if (silent === null) return whole;
  const until = Math.max(last.from, silent);
  return joined([
    ...whole.slice(0, -1),
    ...(until > last.from ? [{ ...last, to: until }] : []),
    { from: until, to: null, class: "unproven" },
  ]);
}

function joined(stretches: readonly EvidenceStretch[]): readonly EvidenceStretch[] {
  const out: EvidenceStretch[] = [];
  for (const stretch of stretches) {
    const last = out.at(-1);
    if (last?.class === stretch.class && last.to === stretch.from)
      out[out.length - 1] = { ...last, to: stretch.to };
    else out.push(stretch);
  }
  return out;
}
