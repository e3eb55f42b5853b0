import type { Quantity, Sample, Sequence } from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import { pointerTo, type Refusal, type RefusalCode } from "./refusal.ts";

/** What a message says of one field at one time, before it is known whether Unbroken keeps such a quantity. */
export interface Measurement {
  /** Name of the field as the message has it: `temperature_c`, or the resolved name of a SenML record. */
  readonly field: string;
  /** The probe, or null where the device has only one and does not name it. */
  readonly probe: string | null;
  readonly measuredAt: EpochMs;
  readonly timeSource: "device" | "received";
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

  refuse(code: RefusalCode, pointer: string, detail: string): void {
    this.refused.push({ code, pointer, detail });
  }

  refuseAt(code: RefusalCode, pointer: string, token: string | number, detail: string): void {
    this.refused.push({ code, pointer: pointerTo(pointer, token), detail });
  }
}
