import type { EpochMs, Milli } from "@unbroken/units";
import {
  firstDoubt,
  IN,
  isWorse,
  NEAR,
  unproven,
  type Doubt,
  type Evidence,
  type Limit,
  type Out,
} from "./evidence.ts";

/** What several sensors show together, taken in one by one: out before unproven before near before in. */
export class Combined {
  readonly #limit: Limit;
  #worst: Out | null = null;
  #doubt: Doubt | null = null;
  #near = false;
  #any = false;

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  addIn(): void {
    this.#any = true;
  }

  addNear(): void {
    this.#any = true;
    this.#near = true;
  }

  addDoubt(why: Doubt): void {
    this.#doubt = firstDoubt(this.#doubt, why);
  }

  addOut(value: Milli, at: EpochMs, sensor: string): void {
    const out: Out = { class: "out", value, at, sensor };
    if (this.#worst === null || isWorse(this.#limit, out, this.#worst)) this.#worst = out;
  }

  evidence(): Evidence {
    if (this.#worst !== null) return this.#worst;
    if (this.#doubt !== null) return unproven(this.#doubt);
    if (!this.#any) return unproven("nothing-measured");
    return this.#near ? NEAR : IN;
  }
}
