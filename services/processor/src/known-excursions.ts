import type { Excursion } from "@unbroken/model";

/** The excursions of one space that are at hand, found by when they ended: each reading asks for the latest few. */
export class KnownExcursions {
  readonly #byId = new Map<string, Excursion>();
  /** By end, earliest first; those that last stand at the end. */
  readonly #byEnd: Excursion[] = [];

  get size(): number {
    return this.#byId.size;
  }

  values(): Iterable<Excursion> {
    return this.#byId.values();
  }

  set(excursion: Excursion): void {
    const before = this.#byId.get(excursion.id);
    if (before !== undefined)
      this.#byEnd.splice(this.#byEnd.indexOf(before, this.#firstEndingAt(endOf(before))), 1);
    this.#byId.set(excursion.id, excursion);
    this.#byEnd.splice(this.#firstEndingAt(endOf(excursion)), 0, excursion);
  }

  /** Those that last or ended at or after `from`, in the order in which they are said to be retracted. */
  since(from: number): readonly Excursion[] {
    return inOrder(this.#byEnd.slice(this.#firstEndingAt(from)));
  }

  /** Lets go of up to `count` that have ended, earliest first. @returns the latest end of them, or null. */
  drop(count: number): number | null {
    const dropped = this.#byEnd.splice(
      0,
      Math.min(count, this.#firstEndingAt(Number.POSITIVE_INFINITY)),
    );
    for (const { id } of dropped) this.#byId.delete(id);
    return dropped.at(-1)?.until ?? null;
  }

  #firstEndingAt(end: number): number {
    let low = 0;
    let high = this.#byEnd.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const excursion = this.#byEnd[middle];
      if (excursion !== undefined && endOf(excursion) < end) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function inOrder(excursions: readonly Excursion[]): readonly Excursion[] {
  return excursions.toSorted((a, b) =>
    a.since === b.since ? (a.id < b.id ? -1 : 1) : a.since - b.since,
  );
}

function endOf({ until }: Excursion): number {
  return until ?? Number.POSITIVE_INFINITY;
}
