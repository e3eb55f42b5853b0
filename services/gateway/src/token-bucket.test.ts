import { expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

it("gives its burst at once, then its rate, and never saves up more than its burst", () => {
  const bucket = new TokenBucket(10, 3, 1_000);
  const taken = (now: number): number => {
    let count = 0;
    while (bucket.take(now)) count += 1;
    return count;
  };
  expect(bucket.isFull(1_000)).toBe(true);
  expect(taken(1_000)).toBe(3);
  expect(bucket.hasOne(1_099)).toBe(false);
  expect(bucket.hasOne(1_100)).toBe(true);
  expect(taken(1_200)).toBe(2);
  expect(bucket.isFull(1_499)).toBe(false);
  expect(bucket.isFull(1_500)).toBe(true);
  expect(taken(1_000_000)).toBe(3);
});

it("gives nothing for a clock that goes back", () => {
  const bucket = new TokenBucket(10, 1, 1_000);
  expect(bucket.take(1_000)).toBe(true);
  expect(bucket.take(500)).toBe(false);
  expect(bucket.take(1_050)).toBe(false);
  expect(bucket.take(1_100)).toBe(true);
});
