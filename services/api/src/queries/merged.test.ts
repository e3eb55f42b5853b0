import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merged } from "./merged.ts";

async function* sourceOf(values: readonly number[]): AsyncGenerator<number> {
  for (const value of values) yield await Promise.resolve(value);
}

describe("several ordered lists as one", () => {
  it("hold every item of each, in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer(), { maxLength: 20 }), { maxLength: 8 }),
        async (lists) => {
          const sorted = lists.map((list) => list.toSorted((a, b) => a - b));
          const out: number[] = [];
          for await (const item of merged(sorted.map(sourceOf), (a, b) => a - b)) out.push(item);
          expect(out).toEqual(lists.flat().sort((a, b) => a - b));
        },
      ),
    );
  });
});
