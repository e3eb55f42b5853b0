import type { DurationMs } from "@unbroken/units";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOfRows } from "../testing/arbitrary-columns.ts";
import { accountLaw } from "./account-law.ts";
import { AccountTrees, type AccountTree } from "./account-tree.ts";
import { columnsHistory } from "./fold-columns.ts";
import { instantsOf, type Instants } from "./sensor-columns.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 100);

const trees = new AccountTrees(columnsHistory(accountLaw({ limits: [], gap: 60 as DurationMs })));
type Tree = AccountTree<Instants> | null;

function instants(times: readonly number[]): Instants {
  return instantsOf(columnsOfRows(times.map((at) => ({ at, milli: 5_000 }))));
}

function shapeOf(tree: Tree): unknown {
  if (tree === null) return null;
  const { first, last, size } = tree;
  if (tree.kind === "leaf") return { first, last, size };
  return {
    first,
    last,
    size,
    middle: tree.middle,
    parts: [shapeOf(tree.left), shapeOf(tree.right)],
  };
}

function depthOf(tree: Tree): number {
  if (tree === null) return 0;
  return tree.kind === "leaf" ? 1 : 1 + Math.max(depthOf(tree.left), depthOf(tree.right));
}

const times = fc.array(
  fc.oneof(
    fc.integer({ min: -20_000, max: 20_000 }),
    fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
  ),
  { minLength: 150, maxLength: 600, size: "max" },
);

describe("a tree of accounts", () => {
  it("has one shape for one set of instants, however they came and went", () => {
    fc.assert(
      fc.property(
        fc.array(times, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        fc.nat(),
        (batches, a, b) => {
          const grown = batches.reduce<Tree>(
            (tree, batch) => trees.with(tree, instants(batch)),
            null,
          );
          const all = batches.flat();
          expect(shapeOf(grown)).toEqual(shapeOf(trees.of(instants(all))));

          const cuts = [all[a % all.length] ?? 0, all[b % all.length] ?? 0].sort((x, y) => x - y);
          const [from = 0, to = 0] = cuts;
          const left = all.filter((at) => at < from || at >= to);
          const cut = trees.without(grown, from, to);
          expect(shapeOf(cut)).toEqual(shapeOf(trees.of(instants(left))));
        },
      ),
      { numRuns },
    );
  });

  it("stays shallow when readings come one by one", () => {
    let tree: Tree = null;
    for (let i = 0; i < 4_000; i += 1) tree = trees.with(tree, instants([i * 60_000]));
    expect(tree?.size).toBe(4_000);
    // 4,000 instants are 32 leaves full of them; half full at the worst, and the whole need not be a power of two.
    expect(depthOf(tree)).toBeLessThanOrEqual(8);
  });
});
