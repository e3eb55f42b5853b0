import type { FactView, ReadingView } from "@unbroken/model";

/** A stretch of time with a name, in epoch ms. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** When a signal was 1: from a reading to the next of its sensor, for `gapMs` at the most. */
export function signalMarks(
  readings: readonly ReadingView[],
  { to, gapMs, label }: { readonly to: number; readonly gapMs: number; readonly label: string },
): readonly Mark[] {
  const sensors = [...new Set(readings.map(({ sensor }) => sensor))];
  const marks = sensors
    .map((sensor) => readings.filter((reading) => reading.sensor === sensor))
    .flatMap((own) =>
      own.flatMap((reading, i): readonly Mark[] => {
        const from = Date.parse(reading.measured_at);
        const next = own[i + 1];
        const until = next === undefined ? to : Date.parse(next.measured_at);
        return reading.value === 1 ? [{ from, to: Math.min(until, from + gapMs, to), label }] : [];
      }),
    );
  return joined(marks);
}

/** What was stated to be done, and when the space was out of service, cut to the range. */
export function factMarks(
  facts: readonly FactView[],
  { from, to }: { readonly from: number; readonly to: number },
  labelOf: (fact: FactView["fact"]) => string | null,
): readonly Mark[] {
  return facts.flatMap(({ fact, effective_from, ended_at }): readonly Mark[] => {
    const label = labelOf(fact);
    const start = Math.max(from, effective_from === null ? from : Date.parse(effective_from));
    const end = Math.min(to, ended_at === null ? to : Date.parse(ended_at));
    return label === null || end <= start ? [] : [{ from: start, to: end, label }];
  });
}

function joined(marks: readonly Mark[]): readonly Mark[] {
  const out: Mark[] = [];
  for (const mark of marks.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last !== undefined && mark.from <= last.to)
      out[out.length - 1] = { ...last, to: Math.max(last.to, mark.to) };
    else if (mark.to > mark.from) out.push(mark);
  }
  return out;
}
