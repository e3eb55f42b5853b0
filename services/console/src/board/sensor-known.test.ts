import type { FactView } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import { describedOf } from "./sensor-known.ts";

const fact = (probe: string | null, accuracy_k: number, current = true) =>
  ({ current, fact: { kind: "sensor-described", probe, accuracy_k } }) as unknown as FactView;
const of = (...facts: readonly FactView[]) => ({ ofDevices: new Map([["logger", facts]]) });

describe("what is known of a probe", () => {
  it.each<[string, ReturnType<typeof of>, number | null]>([
    ["is its own", of(fact(null, 1), fact("p1", 0.2)), 0.2],
    ["is its device's where nothing was stated of itself", of(fact("p2", 0.2), fact(null, 1)), 1],
    ["is not what held before", of(fact("p1", 0.2, false), fact(null, 1)), 1],
    ["is nothing where nothing was stated", of(), null],
  ])("%s", (_, facts, accuracy) => {
    expect(describedOf("logger/p1", facts)?.accuracy_k ?? null).toBe(accuracy);
  });
});
