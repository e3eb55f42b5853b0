import { describe, expect, it } from "vitest";
import { sineOfTurns, timeOfDay, weatherOf } from "./climate.ts";
import { coldRoom, truckBody } from "./equipment.ts";
import { Prng } from "./prng.ts";
import {
  load,
  settled,
  step,
  type Forcing,
  type ThermalPlan,
  type ThermalState,
} from "./thermal-model.ts";

const STEP_S = 5;
const still: Forcing = { ambientC: 24, doorOpening: 0, isBrokenDown: true };
const empty: ThermalPlan = { ...coldRoom(4), product: { tauS: 18_000, ratio: 0 } };

function after(
  plan: ThermalPlan,
  forcing: Forcing,
  seconds: number,
  from?: ThermalState,
): ThermalState {
  let state = from ?? settled(plan, 0.5, STEP_S);
  for (let s = 0; s < seconds; s += STEP_S) state = step(plan, state, forcing, STEP_S);
  return state;
}

describe("a room whose compressor is dead", () => {
  it.each([
    // 1 − e^(−t/τ) of the way from 4 to 24 °C.
    [0.5, 0.3935],
    [1, 0.6321],
    [2, 0.8647],
    [3, 0.9502],
  ])("has gone, empty, after %d time constants %d of the way to ambient", (taus, share) => {
    const { airC } = after(empty, still, taus * empty.wallTauS);
    expect((airC - 4) / 20).toBeCloseTo(share, 3);
  });

  it("warms more slowly with goods in it, and never beyond ambient", () => {
    const full = after(coldRoom(4), still, 4 * 3_600);
    expect(full.airC).toBeLessThan(after(empty, still, 4 * 3_600).airC);
    const late = after(coldRoom(4), still, 10 * 24 * 3_600);
    expect(late.airC).toBeLessThanOrEqual(24);
    expect(late.airC).toBeGreaterThan(23.9);
    expect(late.productC).toBeLessThanOrEqual(24);
  });
});

describe("an open door", () => {
  it("raises the air faster than the goods", () => {
    const { airC, productC } = after(coldRoom(4), { ...still, doorOpening: 1 }, 600);
    expect(airC - 4).toBeGreaterThan(10);
    expect(productC - 4).toBeLessThan(1);
    expect(productC).toBeGreaterThan(4);
  });

  it("cools the air where it is colder outside", () => {
    const frost = { ambientC: -10, doorOpening: 1, isBrokenDown: false };
    expect(after(truckBody(5), frost, 600).airC).toBeLessThan(0);
  });
});

describe("a room that works", () => {
  it("keeps the air within its band and the swing of one step, by turns cooling and not", () => {
    const plan = { ...coldRoom(4), defrost: null };
    const forcing = { ambientC: 20, doorOpening: 0, isBrokenDown: false };
    let state = settled(plan, 0, STEP_S);
    let starts = 0;
    for (let s = 0; s < 86_400; s += STEP_S) {
      const next = step(plan, state, forcing, STEP_S);
      if (next.isCooling && !state.isCooling) starts += 1;
      state = next;
      expect(state.airC).toBeGreaterThan(4 - plan.bandC - 0.1);
      expect(state.airC).toBeLessThan(4 + plan.bandC + 0.1);
    }
    expect(starts).toBeGreaterThan(10);
    expect(starts).toBeLessThan(100);
  });

  it("rests three minutes before it cools again, however warm it gets", () => {
    const plan = { ...coldRoom(4), defrost: null };
    const open = { ambientC: 30, doorOpening: 1, isBrokenDown: false };
    const stopping = { ...settled(plan, 0, STEP_S), airC: 3.1, isCooling: true };
    let state = step(plan, stopping, open, STEP_S);
    let rested = 0;
    while (!state.isCooling) {
      state = step(plan, state, open, STEP_S);
      rested += STEP_S;
    }
    expect(rested).toBeGreaterThanOrEqual(180);
    expect(rested).toBeLessThanOrEqual(190);
    expect(state.airC).toBeGreaterThan(10);
  });

  it("warms in defrost, during which it does not cool", () => {
    const plan = truckBody(5);
    const forcing = { ambientC: 20, doorOpening: 0, isBrokenDown: false };
    let state: ThermalState = { ...settled(plan, 0, STEP_S), airC: 8 };
    for (let s = 0; s < 600; s += STEP_S) {
      const next = step(plan, state, forcing, STEP_S);
      expect(next.isCooling).toBe(false);
      expect(next.airC).toBeGreaterThan(state.airC);
      state = next;
    }
    expect(step(plan, state, forcing, STEP_S).isCooling).toBe(true);
  });

  it("takes up warm goods by heat: one part at 25 °C among two at 4 °C makes 11 °C", () => {
    const state = load(settled(coldRoom(4), 0, STEP_S), 1, 25);
    expect(state.productC).toBeCloseTo(11, 9);
    expect(state.productRatio).toBe(3);
  });

  it("conserves heat between air and goods where nothing else acts", () => {
    const plan: ThermalPlan = { ...coldRoom(4), wallTauS: 1e15 };
    const heat = ({ airC, productC, productRatio }: ThermalState): number =>
      airC + productRatio * productC;
    const before = { ...settled(plan, 0.5, STEP_S), airC: 12 };
    const later = after(plan, still, 50_000, before);
    expect(heat(later)).toBeCloseTo(heat(before), 6);
    expect(later.airC).toBeCloseTo(later.productC, 1);
  });

  it("refuses a step that would make the numbers swing", () => {
    expect(() => settled({ ...coldRoom(4), doorTauS: 5 }, 0, 5)).toThrow(RangeError);
  });
});

describe("the climate", () => {
  it("has a sine within 4·10⁻⁶ of the true one, with exact zeros", () => {
    for (let i = -1_000; i <= 1_000; i += 1)
      expect(Math.abs(sineOfTurns(i / 500) - Math.sin((2 * Math.PI * i) / 500))).toBeLessThan(4e-6);
    expect(sineOfTurns(0)).toBe(0);
  });

  it("is warmest at three in the afternoon in China and coldest at three at night", () => {
    const at = weatherOf({ meanC: 10, swingC: 5, weatherC: 0 }, Prng.ofStream(1, "x"));
    const midnight = Date.parse("2026-01-05T00:00:00+08:00");
    expect(timeOfDay(midnight)).toBe(0);
    expect(at(midnight + 3 * 3_600_000)).toBeCloseTo(5, 4);
    expect(at(midnight + 15 * 3_600_000)).toBeCloseTo(15, 4);
  });

  it("changes its weather without steps", () => {
    const at = weatherOf({ meanC: 0, swingC: 0, weatherC: 2 }, Prng.ofStream(1, "x"));
    let last = at(0);
    for (let ms = 5_000; ms < 48 * 3_600_000; ms += 5_000) {
      const next = at(ms);
      expect(Math.abs(next - last)).toBeLessThan(0.03);
      last = next;
    }
  });
});
