import {
  durationOf,
  keyOf,
  momentOf,
  outOfServiceOf,
  type DescribeSensor,
  type ReturnToService,
  type StatePhase,
  type StateThermal,
  type Statement,
  type TakeOutOfService,
} from "@unbroken/model";
import { milliOf, type EpochMs } from "@unbroken/units";
import type { z } from "zod";
import type { FactBook } from "./fact-book.ts";
import { RequestRefused } from "./http/problem.ts";

/** What people state about how a space or a probe is, beside where and what it is. All return the ids of the facts. */
export class FactCommands {
  readonly #book: FactBook;
  readonly #now: () => EpochMs;

  constructor(book: FactBook, now: () => EpochMs) {
    this.#book = book;
    this.#now = now;
  }

  /** @throws UB_NOT_FOUND */
  stateThermal(
    organisation: string,
    space: string,
    { time_constant, ambient_c, coldest_c, effective_from }: z.output<typeof StateThermal>,
    by: string,
  ): Promise<readonly string[]> {
    const statement: Statement = {
      kind: "thermal-stated",
      space,
      timeConstantMs: durationOf(time_constant),
      ambientMilli: milli(ambient_c),
      ...(coldest_c === undefined ? {} : { coldestMilli: milli(coldest_c) }),
    };
    return this.#ofSpace(organisation, space, statement, effective_from, by);
  }

  /** @throws UB_NOT_FOUND, UB_REQUEST_INVALID if it would end before it begins */
  takeOutOfService(
    organisation: string,
    space: string,
    { empty, reason, until, effective_from }: z.output<typeof TakeOutOfService>,
    by: string,
  ): Promise<readonly string[]> {
    const end = this.#endOf(until, effective_from);
    const statement: Statement = { kind: "out-of-service-stated", space, empty, reason, ...end };
    return this.#ofSpace(organisation, space, statement, effective_from, by);
  }

  /** @throws UB_NOT_FOUND, UB_REQUEST_INVALID if the space is in service at that time */
  returnToService(
    organisation: string,
    space: string,
    { effective_from }: z.output<typeof ReturnToService>,
    by: string,
  ): Promise<readonly string[]> {
    const check = (at: EpochMs): void => {
      const isOut = outOfServiceOf(this.#book.registry, organisation, space).some(
        ({ from, to }) => from <= at && (to === null || to > at),
      );
      if (isOut) return;
      const detail = "the space is in service at that time; there is nothing to return from";
      throw new RequestRefused("UB_REQUEST_INVALID", `/effective_from: ${detail}`, [
        { pointer: "/effective_from", detail },
      ]);
    };
    const statement: Statement = { kind: "returned-to-service", space };
    return this.#ofSpace(organisation, space, statement, effective_from, by, check);
  }

  /** @throws UB_NOT_FOUND, UB_REQUEST_INVALID if it would end before it begins */
  statePhase(
    organisation: string,
    space: string,
    { phase, until, effective_from }: z.output<typeof StatePhase>,
    by: string,
  ): Promise<readonly string[]> {
    const end = this.#endOf(until, effective_from);
    const statement: Statement = { kind: "phase-stated", space, phase, ...end };
    return this.#ofSpace(organisation, space, statement, effective_from, by);
  }

  /** @throws UB_NOT_FOUND */
  describeSensor(
    organisation: string,
    device: string,
    described: z.output<typeof DescribeSensor>,
    by: string,
  ): Promise<readonly string[]> {
    const { probe, accuracy_k, drift_k_per_year, certificate, effective_from } = described;
    const { calibrated_at, calibration_due } = described;
    const statement: Statement = {
      kind: "sensor-described",
      device,
      ...(probe === undefined ? {} : { probe }),
      ...(accuracy_k === undefined ? {} : { accuracyMilli: milli(accuracy_k) }),
      ...(drift_k_per_year === undefined ? {} : { driftMilliPerYear: milli(drift_k_per_year) }),
      ...(calibrated_at === undefined ? {} : { calibratedAt: momentOf(calibrated_at) }),
      ...(calibration_due === undefined ? {} : { calibrationDue: momentOf(calibration_due) }),
      ...(certificate === undefined ? {} : { certificate }),
    };
    return this.#book.exclusive(() => {
      if (!this.#book.registry.devices.has(keyOf(organisation, device)))
        throw new RequestRefused("UB_NOT_FOUND", `no device is called ${device}`);
      const effectiveFrom = this.#momentOf(effective_from);
      return this.#book.state([{ organisation, effectiveFrom, statement }], by);
    });
  }

  #ofSpace(
    organisation: string,
    space: string,
    statement: Statement,
    from: string | undefined,
    by: string,
    check: (at: EpochMs) => void = () => undefined,
  ): Promise<readonly string[]> {
    return this.#book.exclusive(() => {
      if (!this.#book.registry.spaces.has(keyOf(organisation, space)))
        throw new RequestRefused("UB_NOT_FOUND", `no space is called ${space}`);
      const effectiveFrom = this.#momentOf(from);
      check(effectiveFrom);
      return this.#book.state([{ organisation, effectiveFrom, statement }], by);
    });
  }

  #endOf(until: string | undefined, from: string | undefined): { readonly until?: EpochMs } {
    if (until === undefined) return {};
    const end = momentOf(until);
    if (end > this.#momentOf(from)) return { until: end };
    // The schema compares it with what was stated; from now on is known here alone.
    const detail = "until: it is over already; state effective_from too";
    throw new RequestRefused("UB_REQUEST_INVALID", `/until: ${detail}`, [
      { pointer: "/until", detail },
    ]);
  }

  #momentOf(from: string | undefined): EpochMs {
    return from === undefined ? this.#now() : momentOf(from);
  }
}

/** Thousandths of °C or K; interfaces give three places at the most, and more are rounded to the nearest. */
function milli(value: number): number {
  const found = milliOf(value);
  if (found === null) throw new RangeError(`not a value: ${value}`);
  return found;
}
