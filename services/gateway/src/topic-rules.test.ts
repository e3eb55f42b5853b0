import fc from "fast-check";
import { downTopic, upTopic } from "@unbroken/model";
import { expect, it } from "vitest";
import { mayPublish, maySubscribe } from "./topic-rules.ts";

const name = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,6}[A-Za-z0-9_])?$/);
// Topics near the truth: the right levels, now and then one of them wrong, missing, doubled or a wildcard.
const level = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom("unbroken", "v1", "up", "down") },
  { weight: 1, arbitrary: fc.constantFrom("#", "+", "", "$SYS", "..", "v2", "UP", " ") },
  { weight: 2, arbitrary: name },
);

const cases = fc
  .record({ organisation: name, device: name, other: name })
  .chain(({ organisation, device, other }) => {
    const own = ["unbroken", "v1", organisation, device, "up"];
    const near = fc
      .tuple(fc.nat(5), fc.oneof(level, fc.constantFrom(organisation, device, other)), fc.nat(3))
      .map(([at, put, how]) => {
        const levels = [...own];
        if (how === 0) levels.splice(at, 1, put);
        if (how === 1) levels.splice(at, 0, put);
        if (how === 2) levels.splice(at, 1);
        return levels;
      });
    return fc.record({
      organisation: fc.constant(organisation),
      device: fc.constant(device),
      levels: fc.oneof(fc.constant(own), near, near, fc.array(level, { maxLength: 7 })),
      last: fc.constantFrom("up", "down"),
    });
  });

it("a device publishes under its own up and subscribes to its own down, and nothing else, level by level", () => {
  let allowed = 0;
  fc.assert(
    fc.property(cases, ({ organisation, device, levels, last }) => {
      const identity = {
        upTopic: upTopic(organisation, device),
        downTopic: downTopic(organisation, device),
      };
      const asked = levels.at(-1) === "up" ? [...levels.slice(0, -1), last] : levels;
      // The oracle splits what was asked; the rule compares the whole.
      const isOwn = (end: string): boolean =>
        asked.length === 5 &&
        asked[0] === "unbroken" &&
        asked[1] === "v1" &&
        asked[2] === organisation &&
        asked[3] === device &&
        asked[4] === end;
      if (isOwn("up") || isOwn("down")) allowed += 1;
      expect(mayPublish(identity, asked.join("/"))).toBe(isOwn("up"));
      expect(maySubscribe(identity, asked.join("/"))).toBe(isOwn("down"));
    }),
    { numRuns: 5_000 },
  );
  // Neither side of the rule went untried.
  expect(allowed).toBeGreaterThan(500);
  expect(allowed).toBeLessThan(4_500);
});
