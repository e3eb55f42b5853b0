import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOf } from "../oracle/ask-engine.ts";
import { features } from "../oracle/features.ts";
import { historyOf } from "../oracle/generate.ts";
import type { History, Row } from "../oracle/history.ts";
import { Random } from "../oracle/random.ts";
import { settings } from "./cases.ts";
import { LiveSpace } from "./live-space.ts";
import { told } from "./told.ts";

// A space that is judged while its readings come ends where one does that had them all at once.

/** A history is named by the seed that makes it. */
const seed = fc.integer({ min: 0, max: 0x7fff_ffff });
const all = new Set(features);

function shuffled(rows: readonly Row[], random: Random): readonly Row[] {
  const placed = rows.map((row) => ({ row, place: random.next() }));
  return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

function endOf({ rows }: History): number {
  return Math.max(0, ...rows.map(({ minute }) => minute)) + 3;
}

/** All that was ever measured and stated, at once. */
function atOnce(history: History): string {
  const space = new LiveSpace(history);
  const end = momentOf(endOf(history));
  space.hear(history.rows, end);
  space.state(history, end);
  space.tick(end);
  return space.outcome();
}

/** Row by row as they are measured, under the facts as they hold. */
function onTime(history: History, late: readonly Row[] = []): string {
  const space = new LiveSpace(history);
  const end = momentOf(endOf(history));
  space.state(history, momentOf(Math.min(0, ...history.rows.map(({ minute }) => minute))));
  const inTime = history.rows
    .filter((row) => !late.includes(row))
    .sort((a, b) => a.minute - b.minute);
  for (const row of inTime) space.hear([row], momentOf(row.minute));
  for (const row of late) space.hear([row], end);
  space.tick(end);
  return space.outcome();
}

/** In any order, some twice, in batches of any size, with ticks between them; the facts some time on the way. */
function anyhow(history: History, random: Random): string {
  const space = new LiveSpace(history);
  const end = endOf(history);
  const again = random.some(history.rows, 0.3);
  const rows = shuffled([...history.rows, ...again], random);
  const when = random.whole(0, rows.length);
  for (let i = 0; i < rows.length;) {
    const size = random.whole(1, 12);
    const asOf = momentOf(random.whole(0, end));
    if (i <= when && when < i + size) space.state(history, asOf);
    space.hear(rows.slice(i, i + size), asOf);
    if (random.chance(0.3)) space.tick(momentOf(random.whole(0, end)));
    i += size;
  }
  space.state(history, momentOf(end));
  space.tick(momentOf(end));
  return space.outcome();
}

describe("a space that is judged live", () => {
  it("is the same in whatever order, batches and repetitions its readings come, whenever facts are stated", () => {
    let excursions = 0;
    fc.assert(
      fc.property(seed, seed, (made, arrival) => {
        const history = historyOf(made, all);
        const outcome = atOnce(history);
        if (outcome.includes("high") || outcome.includes("low")) excursions += 1;
        told([history], () => {
          expect(anyhow(history, new Random(arrival))).toBe(outcome);
        });
      }),
      settings(150),
    );
    expect(excursions).toBeGreaterThan(settings(150).numRuns / 4);
  });

  it("is the same as had all its readings come when they were measured, though some come late", () => {
    fc.assert(
      fc.property(seed, seed, (made, arrival) => {
        const history = historyOf(made, all);
        const random = new Random(arrival);
        const late = shuffled(random.some(history.rows, 0.3), random);
        told([history], () => {
          expect(onTime(history, late)).toBe(onTime(history));
        });
      }),
      settings(150),
    );
  });
});
