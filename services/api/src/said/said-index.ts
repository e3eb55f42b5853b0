import { createHash } from "node:crypto";
import type { OutputReader, StageStore } from "@unbroken/event-log";
import type { Excursion, JudgementRecord } from "@unbroken/model";
import { CURSOR_KEY, excursionKey, lineageKey, timelineKey, type Place } from "./said-keys.ts";

/** What replaced an excursion when late data moved, split or joined it, and when that was said. */
export interface Lineage {
  readonly replaces: readonly { readonly id: string; readonly at: number }[];
  readonly replacedBy: readonly { readonly id: string; readonly at: number }[];
}

interface Cursor extends Place {
  /** Of the output that stands there: another at its place means another history. */
  readonly digest: string;
}

type Said = Awaited<ReturnType<OutputReader["recentOutputs"]>>[number];

const PAGE = 500;

/**
 * All judgements once more, ordered by what they are about, so that what was said of one excursion or one space is found
 * without walking through everything that was ever said. Derived: it follows the judgements, and is made anew where they
 * are not those that it was made from.
 */
export class SaidIndex {
  readonly #outputs: Pick<OutputReader, "recentOutputs">;
  readonly #store: StageStore;
  #following: Promise<void> = Promise.resolve();
  #isVerified = false;

  constructor(outputs: Pick<OutputReader, "recentOutputs">, store: StageStore) {
    this.#outputs = outputs;
    this.#store = store;
  }

  /** Its rows as they are after `catchUp`. */
  get rows(): Pick<StageStore, "scanState" | "getState"> {
    return this.#store;
  }

  /** Takes in all that was said so far. Calls wait for one another. */
  catchUp(): Promise<void> {
    this.#following = this.#following.catch(() => undefined).then(() => this.#follow());
    return this.#following;
  }

  async #follow(): Promise<void> {
    const cursor = await this.#trustedCursor();
    let newest: Cursor | null = null;
    let before: Place | null = null;
    // From the newest back to what is known. The cursor moves last: whoever is killed in between does it again, and a row
    // that is written twice is one row.
    for (;;) {
      const page: readonly Said[] = await this.#outputs.recentOutputs(
        "judgements",
        null,
        before,
        PAGE,
      );
      const news = page.filter((said) => cursor === null || isAfter(said, cursor));
      const [first] = news;
      if (first !== undefined) {
        newest ??= { ...placeOf(first), digest: digestOf(first.output.body) };
        await this.#write(await this.#rowsOf(news));
      }
      before = page.at(-1) ?? null;
      if (news.length < PAGE || before === null) break;
    }
    if (newest === null) return;
    await this.#write([[CURSOR_KEY, newest]]);
    await this.#store.trimCommits(0, await this.#store.endOfCommits(0));
  }

  /** Null where nothing is known, or what is known is of a history that was since made anew. */
  async #trustedCursor(): Promise<Cursor | null> {
    const row = await this.#store.getState(0, CURSOR_KEY);
    if (row === null) return null;
    const cursor = parsed(row) as Cursor;
    if (this.#isVerified) return cursor;
    const { sequence, index, digest } = cursor;
    const after = { sequence, index: index + 1 };
    const [found] = await this.#outputs.recentOutputs("judgements", null, after, 1);
    this.#isVerified = true;
    if (
      found?.sequence === sequence &&
      found.index === index &&
      digestOf(found.output.body) === digest
    )
      return cursor;
    await this.#store.reset();
    return null;
  }

  async #rowsOf(page: readonly Said[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const lineages = new Map<string, Lineage>();
    for (const said of page) {
      const record = parsed(said.output.body) as JudgementRecord;
      const { organisation, judgement, judgedAt } = record;
      if ("excursion" in judgement) {
        rows.push([excursionKey(organisation, judgement.excursion, said), record]);
        for (const [older, newer] of descents(judgement))
          await this.#descend(lineages, organisation, older, newer, judgedAt);
      } else if (judgement.kind === "timeline-changed")
        rows.push([timelineKey(organisation, judgement.space, said), record]);
    }
    return [...rows, ...lineages];
  }

  async #descend(
    lineages: Map<string, Lineage>,
    organisation: string,
    older: string,
    newer: string,
    at: number,
  ): Promise<void> {
    const known = async (key: string): Promise<Lineage> => {
      const fresh = lineages.get(key);
      if (fresh !== undefined) return fresh;
      const row = await this.#store.getState(0, key);
      return row === null ? { replaces: [], replacedBy: [] } : (parsed(row) as Lineage);
    };
    const [from, to] = [lineageKey(organisation, older), lineageKey(organisation, newer)];
    const before = await known(from);
    lineages.set(from, { ...before, replacedBy: withId(before.replacedBy, newer, at) });
    const after = await known(to);
    lineages.set(to, { ...after, replaces: withId(after.replaces, older, at) });
  }

  async #write(rows: readonly Row[]): Promise<void> {
    const from = await this.#store.applied(0);
    const state = rows.map(([key, value]) => [key, Buffer.from(JSON.stringify(value))] as const);
    await this.#store.commit({ partition: 0, from, to: from + 1, state, outputs: [] });
  }
}

type Row = readonly [key: string, value: unknown];

/** Pairs of what was replaced and what stands in its place. */
function descents(
  judgement: Extract<JudgementRecord["judgement"], { readonly excursion: Excursion }>,
): readonly (readonly [older: string, newer: string])[] {
  const { id } = judgement.excursion;
  switch (judgement.kind) {
    case "excursion-retracted":
      return judgement.replacedBy.map((newer) => [id, newer] as const);
    case "excursion-opened":
      return (judgement.replaces ?? []).map((older) => [older, id] as const);
    case "excursion-amended":
    case "excursion-closed":
      return [];
  }
}

/** In the order of ids, each once, with when it was first said. */
function withId(list: Lineage["replaces"], id: string, at: number): Lineage["replaces"] {
  const known = list.find((each) => each.id === id)?.at ?? at;
  return [...list.filter((each) => each.id !== id), { id, at: Math.min(at, known) }].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
}

function placeOf({ sequence, index }: Place): Place {
  return { sequence, index };
}

function isAfter(a: Place, b: Place): boolean {
  return a.sequence === b.sequence ? a.index > b.index : a.sequence > b.sequence;
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("base64url");
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
