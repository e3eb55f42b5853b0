import type { Thermal } from "@unbroken/model";
import { DurationMs, EpochMs, Milli } from "@unbroken/units";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isOut, type Limit } from "../evidence.ts";
import { possiblyOut } from "./possibly-out.ts";

// More with UB_CASES=100000.
const numRuns = Number(process.env["UB_CASES"] ?? 1_000);

const limits = fc
  .tuple(fc.constantFrom("gt", "ge", "lt", "le"), fc.constantFrom(-5_000, 2_000, 8_000, 20_000))
  .map(([comparison, limit]): Limit => ({
    comparison,
    limit: Milli(limit),
    side: comparison === "gt" || comparison === "ge" ? "high" : "low",
  }));

const spaces = fc
  .record({
    timeConstant: fc.integer({ min: 1_000, max: 10_000_000 }).map(DurationMs),
    ambient: fc.integer({ min: -10_000, max: 40_000 }).map(Milli),
    below: fc.integer({ min: 0, max: 60_000 }),
    hasColdest: fc.boolean(),
  })
  .map(({ timeConstant, ambient, below, hasColdest }) => ({
    timeConstant,
    ambient,
    coldest: hasColdest ? Milli(ambient - below) : null,
    // Where it is not stated the truth has a coldest all the same.
    truly: ambient - below,
  }));

type Space = Omit<Thermal, "from"> & { readonly truly: number };

/** A truth: pieces of time, each with the surroundings of its own between coldest and ambient, and in which space. */
const histories = fc.record({
  start: fc.integer({ min: -30_000, max: 45_000 }),
  spaces: fc.array(spaces, { minLength: 1, maxLength: 2 }),
  pieces: fc.array(
    fc.record({
      ms: fc.integer({ min: 1, max: 3_000_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      isRead: fc.boolean(),
    }),
    { minLength: 2, maxLength: 12 },
  ),
});

interface Moment {
  readonly at: number;
  readonly milli: number;
  readonly isRead: boolean;
}

/** Solves dT/dt = (Tₑ − T)/τ piece by piece, and looks at it several times in each piece. */
function truthOf(
  start: number,
  pieces: readonly { ms: number; share: number; isRead: boolean }[],
  spaceAt: (piece: number) => Space,
): readonly Moment[] {
  const moments: Moment[] = [{ at: 0, milli: start, isRead: true }];
  let [at, milli] = [0, start];
  pieces.forEach(({ ms, share, isRead }, i) => {
    const { timeConstant, ambient, truly } = spaceAt(i);
    const surround = truly + share * (ambient - truly);
    for (const part of [0.1, 0.35, 0.6, 0.85, 1]) {
      const t = part === 1 ? ms : Math.floor(part * ms);
      const value = surround + (milli - surround) * Math.exp(-t / timeConstant);
      moments.push({ at: at + t, milli: value, isRead: part === 1 && isRead });
      if (part === 1) milli = value;
    }
    at += ms;
  });
  return moments;
}

/** Half a thousandth is lost when a value is rounded: a sensor is never better than its last digit. */
const BAND = Milli(1);

it("no moment that is truly out lies outside what is possible, whatever cooled and warmed it", () => {
  let seen = 0;
  fc.assert(
    fc.property(histories, limits, ({ start, spaces: both, pieces }, limit) => {
      const half = Math.ceil(pieces.length / both.length);
      const spaceAt = (piece: number): Space => both[Math.floor(piece / half)] ?? expect.fail();
      const begins = pieces.map((_, i) => pieces.slice(0, i).reduce((sum, { ms }) => sum + ms, 0));
      const thermals = both.map((space, i): Thermal => ({
        ...space,
        from: EpochMs(i === 0 ? -1 : (begins[half] ?? 0)),
      }));
      const truth = truthOf(start, pieces, spaceAt);
      const readings = truth.filter(({ isRead }) => isRead);
      for (const [i, before] of readings.entries()) {
        const after = readings[i + 1] ?? null;
        const found = possiblyOut(limit, BAND, read(before), after && read(after), thermals);
        for (const { at, milli } of truth) {
          const isWithin = at > before.at && (after === null || at < after.at);
          if (!isWithin || !isOut(limit, milli as Milli)) continue;
          seen += 1;
          expect(found, `out at ${at}`).not.toBeNull();
          const [from, to] = found ?? expect.fail();
          expect(from).toBeLessThanOrEqual(at);
          expect(to ?? Infinity).toBeGreaterThanOrEqual(at);
        }
      }
    }),
    { numRuns },
  );
  expect(seen).toBeGreaterThan(numRuns);
});

function read({ at, milli }: Moment): { at: EpochMs; value: Milli } {
  return { at: EpochMs(at), value: Milli(Math.round(milli)) };
}

const silences = fc.record({
  space: spaces,
  value: fc.integer({ min: -30_000, max: 45_000 }),
  lengths: fc.tuple(fc.integer({ min: 1, max: 9_000_000 }), fc.integer({ min: 1, max: 9_000_000 })),
  shares: fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
});

/** A whole value that `space` allows `ms` after `value`; null if there is none. */
function allowed(space: Space, value: number, ms: number, share: number): number | null {
  const decay = Math.exp(-ms / space.timeConstant);
  const at = (target: number): number => target + (value - target) * decay;
  const [low, high] = [Math.ceil(at(space.truly) + 1e-6), Math.floor(at(space.ambient) - 1e-6)];
  return low > high ? null : low + Math.round(share * (high - low));
}

it("one more true reading never widens what is possible", () => {
  let compared = 0;
  fc.assert(
    fc.property(silences, limits, ({ space, value, lengths, shares }, limit) => {
      const middle = allowed(space, value, lengths[0], shares[0]);
      const last = middle === null ? null : allowed(space, middle, lengths[1], shares[1]);
      fc.pre(middle !== null && last !== null);
      const thermals = [{ ...space, from: EpochMs(-1) }];
      const at = (ms: number, milli: number) => ({ at: EpochMs(ms), value: Milli(milli) });
      const [a, b] = [at(0, value), at(lengths[0], middle)];
      const c = at(lengths[0] + lengths[1], last);
      const all = possiblyOut(limit, Milli(0), a, c, thermals);
      for (const part of [
        possiblyOut(limit, Milli(0), a, b, thermals),
        possiblyOut(limit, Milli(0), b, c, thermals),
      ]) {
        if (part === null) continue;
        compared += 1;
        expect(all?.[0]).toBeLessThanOrEqual(part[0]);
        expect(all?.[1]).toBeGreaterThanOrEqual(part[1] ?? Infinity);
      }
      const open = possiblyOut(limit, Milli(0), a, null, thermals);
      if (all !== null) expect(open?.[0]).toBeLessThanOrEqual(all[0]);
      if (all !== null) expect(open?.[1] ?? Infinity).toBeGreaterThanOrEqual(all[1] ?? Infinity);
    }),
    { numRuns },
  );
  expect(compared).toBeGreaterThan(numRuns / 4);
});

it("is the same upside down, later, and with every temperature and every time twice as large", () => {
  const value = fc.integer({ min: -30_000, max: 45_000 });
  fc.assert(
    fc.property(
      spaces.filter(({ coldest }) => coldest !== null),
      value,
      value,
      fc.integer({ min: 1, max: 9_000_000 }),
      limits,
      fc.integer({ min: -1e9, max: 1e9 }),
      (space, before, after, ms, limit, shift) => {
        const asked = (
          scale: number,
          turn: 1 | -1,
          offset: number,
          slow: number,
        ): readonly (number | null)[] | null => {
          const t = (milli: number): Milli => Milli(milli * scale * turn);
          const coldest = t(space.coldest ?? 0);
          const thermal: Thermal = {
            from: EpochMs(offset - 1),
            timeConstant: DurationMs(space.timeConstant * slow),
            ambient: turn === 1 ? t(space.ambient) : coldest,
            coldest: turn === 1 ? coldest : t(space.ambient),
          };
          const found = possiblyOut(
            turn === 1
              ? { ...limit, limit: t(limit.limit) }
              : { ...turnedLimit(limit), limit: t(limit.limit) },
            Milli(0),
            { at: EpochMs(offset), value: t(before) },
            { at: EpochMs(offset + ms * slow), value: t(after) },
            [thermal],
          );
          return found === null ? null : [found[0] - offset, (found[1] ?? NaN) - offset];
        };
        const plain = asked(1, 1, 0, 1);
        const twice = asked(2, 1, 0, 1);
        // What counts as a contradiction is one m°C, whatever the scale; then all of the silence is possible.
        const isWhole = [plain, twice].some((found) => found?.[0] === 0 && found[1] === ms);
        if (!isWhole) expect(twice).toEqual(plain);
        expect(asked(1, -1, 0, 1)).toEqual(plain);
        expect(asked(1, 1, shift, 1)).toEqual(plain);
        const slow = asked(1, 1, 0, 3);
        if (plain === null) return;
        // Of what was rounded outwards, thrice is no less.
        const [from, to] = slow ?? [3 * (plain[0] ?? 0) + 2, 3 * (plain[1] ?? 0) - 2];
        expect(Math.abs((from ?? 0) - 3 * (plain[0] ?? 0))).toBeLessThanOrEqual(3);
        expect(Math.abs((to ?? 0) - 3 * (plain[1] ?? 0))).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns },
  );
});

function turnedLimit({ comparison, limit, side }: Limit): Limit {
  const turned = { gt: "lt", ge: "le", lt: "gt", le: "ge" } as const;
  return { comparison: turned[comparison], limit, side: side === "high" ? "low" : "high" };
}
