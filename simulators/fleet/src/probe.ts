import type { Prng } from "./prng.ts";

/** How a probe sees the air. */
export interface ProbePlan {
  /** First-order lag against the air, in s. */
  readonly lagS: number;
  /** Standard deviation of one sample, in K. */
  readonly noiseC: number;
  /** Resolution in m°C: 100 shows 4.2 °C. */
  readonly stepMilli: number;
  /** Calibration error, in K. */
  readonly offsetC: number;
}

/**
 * - open-circuit: no value at all;
 * - flapping: a loose plug, by turns no value and a right one;
 * - stuck: the last value again and again;
 * - sentinel: a value that is none, 85 °C, which a DS18B20 shows after power-on (data sheet, table 1);
 * - spike: 20 K too much, as a disturbed cable makes it.
 */
export type ProbeFault = "open-circuit" | "flapping" | "stuck" | "sentinel" | "spike";

const SENTINEL_MILLI = 85_000;
const SPIKE_MILLI = 20_000;
/** A loose plug on a bumpy road: seven samples in ten are lost. */
const FLAPPING_LOST = 0.7;

/** A probe on its way through time. `settle` follows the air; `sample` says what it shows, null without a value. */
export class Probe {
  private tipC: number;
  private lastMilli: number;
  private readonly plan: ProbePlan;
  private readonly prng: Prng;

  constructor(plan: ProbePlan, airC: number, prng: Prng) {
    this.plan = plan;
    this.prng = prng;
    this.tipC = airC;
    this.lastMilli = this.quantised(airC);
  }

  settle(airC: number, stepS: number): void {
    this.tipC += (airC - this.tipC) * Math.min(1, stepS / this.plan.lagS);
  }

  /** In m°C. The draws are the same with and without a fault, so a fault disturbs nothing after it. */
  sample(fault: ProbeFault | null): number | null {
    const shown = this.quantised(
      this.tipC + this.plan.offsetC + this.plan.noiseC * this.prng.normal(),
    );
    const isLost = this.prng.chance(FLAPPING_LOST);
    if (fault === "stuck") return this.lastMilli;
    if (fault === "sentinel") return SENTINEL_MILLI;
    if (fault === "spike") return shown + SPIKE_MILLI;
    if (fault === "open-circuit" || (fault === "flapping" && isLost)) return null;
    this.lastMilli = shown;
    return shown;
  }

  private quantised(celsius: number): number {
    const milli = Math.round((celsius * 1_000) / this.plan.stepMilli) * this.plan.stepMilli;
    return milli === 0 ? 0 : milli;
  }
}
