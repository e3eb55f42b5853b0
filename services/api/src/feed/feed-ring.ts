/** A part of a feed message that one subscription may see and another not, its JSON written once. */
export interface FeedPart {
  readonly organisation: string;
  readonly space: string;
  readonly json: string;
}

/** A message as it was published, before subscriptions. */
export interface FeedEntry {
  readonly revision: number;
  readonly type: "delta" | "excursion";
  readonly at: string;
  readonly parts: readonly FeedPart[];
  /** Delta: organisations whose count of quarantined records changed. */
  readonly quarantined: ReadonlySet<string>;
  /** Excursion: what happened to it. */
  readonly change?: string;
}

const ENTRIES_MAX = 2_000;
const CHARACTERS_MAX = 16_777_216;

/** The latest messages, for clients that come back: bounded by number and by size. */
export class FeedRing {
  readonly #entries: FeedEntry[] = [];
  #characters = 0;

  push(entry: FeedEntry): void {
    this.#entries.push(entry);
    this.#characters += sizeOf(entry);
    while (this.#entries.length > ENTRIES_MAX || this.#characters > CHARACTERS_MAX) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) return;
      this.#characters -= sizeOf(oldest);
    }
  }

  /** What followed `revision`, up to `current`; null if some of it is no longer here. */
  since(revision: number, current: number): readonly FeedEntry[] | null {
    if (revision > current) return null;
    if (revision === current) return [];
    const first = this.#entries[0];
    if (first === undefined || first.revision > revision + 1) return null;
    return this.#entries.slice(revision + 1 - first.revision);
  }
}

function sizeOf({ parts }: FeedEntry): number {
  return parts.reduce((sum, { json }) => sum + json.length, 0);
}
