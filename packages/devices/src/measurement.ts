import type { ClockTelling, Quantity, Sample, Sequence, TimeSource } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import { pointerTo, type Refusal, type RefusalCode } from "./refusal.ts";

/** What a message says of one field at one time, before it is known whether Unbroken keeps such a quantity. */
export interface Measurement {
  /** Name of the field as the message has it: `temperature_c`, or the resolved name of a SenML record. */
  readonly field: string;
  /** The probe, or null where the device has only one and does not name it. */
  readonly probe: string | null;
  readonly measuredAt: EpochMs;
  readonly timeSource: TimeSource;
  readonly what: Known | Other;
  readonly sequence: Sequence | null;
}

export interface Known {
  readonly kind: "known";
  readonly quantity: Quantity;
  readonly sample: Sample;
}

/** A quantity that is none of ours: shown by `unbroken decode`, refused by the pipeline. */
export interface Other {
  readonly kind: "other";
  readonly unit: string | null;
  readonly value: number | string | boolean;
  /** Where it stands in the message. */
  readonly pointer: string;
}

/** What one message yields: a format adds to it as it reads, so that one bad reading costs no other. */
export class Yield {
  readonly measurements: Measurement[] = [];
  readonly refused: Refusal[] = [];
  #sentAt: EpochMs | null = null;
  #newest: { readonly at: EpochMs; readonly sequence: Sequence | null } | null = null;

  /** What the device's clock showed when the message was written. */
  sentAt(at: EpochMs): void {
    this.#sentAt = at;
  }

  /** A time of a reading as the device tells it, also where it is refused. */
  stated(at: EpochMs, sequence: Sequence | null): void {
    if (this.#newest === null || at > this.#newest.at) this.#newest = { at, sequence };
    else if (at === this.#newest.at && sequence !== null) this.#newest = { at, sequence };
  }

  /** What the message tells of its device's clock; null if nothing. */
  clock(): ClockTelling | null {
    const sequence = this.#newest?.sequence ?? null;
    if (this.#sentAt !== null) return { told: this.#sentAt, by: "sent-at", sequence };
    return this.#newest && { told: this.#newest.at, by: "newest-reading", sequence };
  }

  refuse(code: RefusalCode, pointer: string, detail: string): void {
    this.refused.push({ code, pointer, detail });
  }

  refuseAt(code: RefusalCode, pointer: string, token: string | number, detail: string): void {
    this.refused.push({ code, pointer: pointerTo(pointer, token), detail });
  }
}
