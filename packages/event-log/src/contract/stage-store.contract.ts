import { describe, expect, it } from "vitest";
import type { StageStore } from "../port.ts";
import type { OutputRecord, OutputTopic } from "../record.ts";

/** A place for one test's store. */
export interface StagePlace {
  readonly partitions: number;
  /** The same storage each time: closing and opening is the restart. */
  open(): Promise<StageStore>;
  remove(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (value: Uint8Array | null): string | null =>
  value === null ? null : new TextDecoder().decode(value);

function output(topic: OutputTopic, organisation: string, text: string): OutputRecord {
  return { topic, organisation, key: `${organisation}/subject`, body: bytes(text) };
}

type WithStore = (work: (store: StageStore, place: StagePlace) => Promise<void>) => Promise<void>;

/** Every adapter of the stage store runs this. */
export function stageStoreContract(name: string, makePlace: () => Promise<StagePlace>): void {
  const withStore: WithStore = async (work) => {
    const place = await makePlace();
    try {
      const store = await place.open();
      try {
        await work(store, place);
      } finally {
        await store.close();
      }
    } finally {
      await place.remove();
    }
  };
  describe(`${name} keeps the StageStore contract`, () => {
    committing(withStore);
    scanning(withStore);
    following(withStore);
    paging(withStore);
  });
}

function committing(withStore: WithStore): void {
  it("has applied nothing at first, and then up to where the last commit went", () =>
    withStore(async (store) => {
      expect(await store.applied(0)).toBe(0);
      await store.commit({ partition: 0, from: 0, to: 5, state: [], outputs: [] });
      expect(await store.applied(0)).toBe(5);
    }));

  it.each([
    ["begins later", 6, 9],
    ["begins earlier", 0, 9],
    ["repeats the last one", 0, 5],
    ["goes backwards", 5, 4],
  ])("refuses a commit that %s, and changes nothing", (_, from, to) =>
    withStore(async (store) => {
      await store.commit({ partition: 0, from: 0, to: 5, state: [["k", bytes("1")]], outputs: [] });
      const stale = store.commit({
        partition: 0,
        from,
        to,
        state: [
          ["k", bytes("2")],
          ["other", bytes("2")],
        ],
        outputs: [output("judgements", "acme", "wrong")],
      });
      await expect(stale).rejects.toMatchObject({ code: "UB_CHECKPOINT_FENCED" });
      expect(await store.applied(0)).toBe(5);
      expect(await store.endOfCommits(0)).toBe(1);
      expect(textOf(await store.getState(0, "k"))).toBe("1");
      expect(await store.getState(0, "other")).toBeNull();
      expect(await store.recentOutputs("judgements", null, null, 10)).toEqual([]);
    }),
  );

  it("moves offset, state and outputs together, and they are there after a restart", () =>
    withStore(async (store, place) => {
      const outputs = [output("readings", "acme", "r"), output("judgements", "acme", "j")];
      await store.commit({ partition: 0, from: 0, to: 3, state: [["k", bytes("v")]], outputs });
      await store.close();
      const again = await place.open();
      expect(await again.applied(0)).toBe(3);
      expect(textOf(await again.getState(0, "k"))).toBe("v");
      const expected = { partition: 0, sequence: 0, from: 0, to: 3 };
      expect(await again.readCommits(0, 0, 10)).toMatchObject([expected]);
      const [commit] = await again.readCommits(0, 0, 10);
      expect(commit?.outputs.map(({ topic, body }) => [topic, textOf(body)])).toEqual([
        ["readings", "r"],
        ["judgements", "j"],
      ]);
      await again.close();
    }));

  it("puts, replaces and deletes values, the last change of a commit winning", () =>
    withStore(async (store) => {
      await store.commit({
        partition: 0,
        from: 0,
        to: 1,
        state: [
          ["a", bytes("1")],
          ["b", bytes("1")],
          ["c", bytes("")],
          ["a", bytes("2")],
        ],
        outputs: [],
      });
      await store.commit({
        partition: 0,
        from: 1,
        to: 2,
        state: [
          ["b", null],
          ["absent", null],
        ],
        outputs: [],
      });
      expect(textOf(await store.getState(0, "a"))).toBe("2");
      expect(await store.getState(0, "b")).toBeNull();
      expect(textOf(await store.getState(0, "c"))).toBe("");
    }));

  it("keeps partitions apart", () =>
    withStore(async (store, { partitions }) => {
      for (let p = 0; p < partitions; p++)
        await store.commit({
          partition: p,
          from: 0,
          to: p + 1,
          state: [["k", bytes(`${p}`)]],
          outputs: [],
        });
      for (let p = 0; p < partitions; p++) {
        expect(await store.applied(p)).toBe(p + 1);
        expect(textOf(await store.getState(p, "k"))).toBe(`${p}`);
      }
    }));

  it("forgets everything at reset, and begins again at 0", () =>
    withStore(async (store) => {
      const outputs = [output("judgements", "acme", "j")];
      await store.commit({ partition: 0, from: 0, to: 3, state: [["k", bytes("v")]], outputs });
      await store.reset();
      expect(await store.applied(0)).toBe(0);
      expect(await store.getState(0, "k")).toBeNull();
      expect(await store.endOfCommits(0)).toBe(0);
      expect(await store.recentOutputs("judgements", null, null, 10)).toEqual([]);
      const again = await store.commit({ partition: 0, from: 0, to: 3, state: [], outputs });
      expect(again.sequence).toBe(0);
    }));
}

function scanning(withStore: WithStore): void {
  const keys = [
    "",
    "a",
    "a%b",
    "a_b",
    "a/1",
    "a/10",
    "a/2",
    "b",
    "é",
    "中",
    "中文",
    "😀",
    "\uffff",
  ];
  const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const filled = (work: (store: StageStore) => Promise<void>): Promise<void> =>
    withStore(async (store) => {
      const state = keys.map((key) => [key, bytes(key)] as const);
      await store.commit({ partition: 0, from: 0, to: 1, state, outputs: [] });
      await work(store);
    });

  it.each(["", "a", "a/", "a%", "a_", "中", "😀", "\uffff", "nothing"])(
    "finds exactly the keys that begin with %j, in the order of their bytes",
    (prefix) =>
      filled(async (store) => {
        const expected = keys.filter((key) => key.startsWith(prefix)).toSorted(byBytes);
        const rows = await store.scanState(0, prefix, null, 100);
        expect(rows.map(([key]) => key)).toEqual(expected);
        expect(rows.map(([, value]) => textOf(value))).toEqual(expected);
      }),
  );

  it.each([1, 2, 5])("pages through all keys, %i at a time, none twice and none left out", (page) =>
    filled(async (store) => {
      const found: string[] = [];
      for (let after: string | null = null; ;) {
        const rows: readonly (readonly [string, Uint8Array])[] = await store.scanState(
          0,
          "",
          after,
          page,
        );
        if (rows.length === 0) break;
        expect(rows.length).toBeLessThanOrEqual(page);
        found.push(...rows.map(([key]) => key));
        after = found.at(-1) ?? null;
      }
      expect(found).toEqual(keys.toSorted(byBytes));
    }),
  );
}

function following(withStore: WithStore): void {
  const commitTimes = async (store: StageStore, times: number): Promise<void> => {
    for (let i = 0; i < times; i++)
      await store.commit({
        partition: 0,
        from: i,
        to: i + 1,
        state: [],
        outputs: [output("readings", "acme", `r${i}`), output("judgements", "acme", `j${i}`)],
      });
  };

  it("numbers commits from 0 without a hole, and reads them from any number on", () =>
    withStore(async (store) => {
      await commitTimes(store, 5);
      expect((await store.readCommits(0, 0, 100)).map((c) => c.sequence)).toEqual([0, 1, 2, 3, 4]);
      expect((await store.readCommits(0, 3, 1)).map((c) => [c.from, c.to])).toEqual([[3, 4]]);
      expect(await store.readCommits(0, 5, 10)).toEqual([]);
      expect(await store.endOfCommits(0)).toBe(5);
    }));

  it("drops commits before a number, refuses to read them, and keeps what people page through", () =>
    withStore(async (store) => {
      await commitTimes(store, 5);
      await store.trimCommits(0, 3);
      await expect(store.readCommits(0, 2, 10)).rejects.toMatchObject({ code: "UB_LOG_TRIMMED" });
      expect((await store.readCommits(0, 3, 10)).map((c) => c.sequence)).toEqual([3, 4]);
      const recent = await store.recentOutputs("judgements", null, null, 10);
      expect(recent.map((r) => textOf(r.output.body))).toEqual(["j4", "j3", "j2", "j1", "j0"]);
    }));

  it("goes on counting after all commits were trimmed, and after a restart", () =>
    withStore(async (store, place) => {
      await commitTimes(store, 3);
      await store.trimCommits(0, 100);
      await store.close();
      const again = await place.open();
      expect(await again.endOfCommits(0)).toBe(3);
      const next = await again.commit({ partition: 0, from: 3, to: 4, state: [], outputs: [] });
      expect(next.sequence).toBe(3);
      await again.close();
    }));

  it("calls back after a commit, and not after one stopped listening", () =>
    withStore(async (store) => {
      let calls = 0;
      await new Promise<void>((resolve) => {
        const stop = store.onCommitted(() => {
          calls += 1;
          stop();
          resolve();
        });
        void store.commit({ partition: 0, from: 0, to: 1, state: [], outputs: [] });
      });
      await store.commit({ partition: 0, from: 1, to: 2, state: [], outputs: [] });
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls).toBe(1);
    }));
}

function paging(withStore: WithStore): void {
  it.each(["judgements", "quarantine", "readings"] as const)(
    "pages through %s, newest first, of one organisation or of all",
    (topic) =>
      withStore(async (store, { partitions }) => {
        const expected: (readonly [organisation: string, text: string])[] = [];
        for (let i = 0; i < 12; i++) {
          const partition = i % partitions;
          const from = Math.floor(i / partitions);
          const own = [`${i}a`, `${i}b`].map((t) => [i % 3 === 0 ? "blue" : "acme", t] as const);
          expected.push(...own);
          const outputs = own.map(([organisation, text]) => output(topic, organisation, text));
          const other: OutputTopic = topic === "readings" ? "judgements" : "readings";
          outputs.splice(1, 0, output(other, "acme", "another topic"));
          await store.commit({ partition, from, to: from + 1, state: [], outputs });
        }
        for (const organisation of [null, "acme", "blue", "nobody"]) {
          const own = expected.filter(([o]) => organisation === null || o === organisation);
          const found: (string | null)[] = [];
          for (let before: { sequence: number; index: number } | null = null; ;) {
            const page: Awaited<ReturnType<StageStore["recentOutputs"]>> =
              await store.recentOutputs(topic, organisation, before, 5);
            const last = page.at(-1);
            if (last === undefined) break;
            found.push(...page.map((p) => textOf(p.output.body)));
            before = { sequence: last.sequence, index: last.index };
          }
          expect(found).toEqual(own.map(([, text]) => text).toReversed());
        }
      }),
  );
}
