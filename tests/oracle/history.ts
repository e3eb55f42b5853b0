// What the naive judge is asked: a profile as a person writes it, plain rows, facts, all on whole minutes. Minutes
// count from START, values are thousandths of their unit.

/** 2026-01-05 is a Monday. */
export const START = Date.UTC(2026, 0, 5);
export const MINUTE = 60_000;

export type QuantityName =
  "temperature" | "relative_humidity" | "door_open" | "power_supply" | "defrost";

export interface Row {
  readonly sensor: string;
  readonly quantity: QuantityName;
  readonly minute: number;
  /** Null: a fault. */
  readonly value: number | null;
  readonly sequence?: { readonly boot: number; readonly number: number };
  readonly doubtfulClock?: true;
}

export type PhaseName = "store" | "transit" | "load" | "precool" | "defrost";

export interface Stretch {
  readonly from: number;
  readonly to: number | null;
}

export interface Description {
  readonly from: number;
  readonly accuracy: number | null;
  readonly due: number | null;
}

export interface Facts {
  readonly thermals: readonly {
    readonly from: number;
    /** In minutes. */
    readonly timeConstant: number;
    readonly ambient: number;
    readonly coldest: number | null;
  }[];
  readonly outOfService: readonly Stretch[];
  readonly phases: readonly (Stretch & { readonly phase: PhaseName })[];
  readonly sensors: Readonly<Record<string, readonly Description[]>>;
}

export const noFacts: Facts = { thermals: [], outOfService: [], phases: [], sensors: {} };

export interface AllowanceText {
  readonly phase: "load" | "defrost";
  readonly by: number;
  readonly for: string;
  readonly every?: string;
}

export interface RuleText {
  readonly id: string;
  readonly quantity?: "air" | "humidity" | "door" | "power" | "link" | "product" | "mkt";
  readonly cmp: "gt" | "ge" | "lt" | "le";
  readonly limit: number;
  readonly mode: "instant" | "consecutive" | "cumulative" | "window" | "rise" | "exposure";
  readonly hold?: string;
  readonly debounce?: string;
  readonly scope?: string;
  readonly severity?: "break" | "excursion" | "warn";
  readonly hysteresis?: number;
  readonly clear?: string;
  readonly phases?: readonly PhaseName[];
  readonly allowances?: readonly AllowanceText[];
  readonly schedule?: {
    readonly offset: string;
    readonly days?: readonly string[];
    readonly from: string;
    readonly to: string;
  };
  readonly warn?: { readonly limit?: number; readonly hold?: string };
}

export interface ProfileText {
  readonly id: string;
  readonly cadence: string;
  readonly gap?: string;
  readonly accuracy?: number;
  readonly effective_from?: string;
  readonly effective_until?: string;
  readonly faults?: {
    readonly sentinels?: readonly number[];
    readonly step?: { readonly by: number; readonly within: string };
    readonly stuck?: { readonly for: string; readonly while: number };
  };
  readonly rules: readonly RuleText[];
}

export interface History {
  readonly profile: ProfileText;
  readonly rows: readonly Row[];
  readonly facts: Facts;
  /** In minutes; the first row's and the last row's unless stated. */
  readonly from?: number;
  readonly to?: number;
}

/** `PT90M`, `PT2H`, `P1D` in minutes. */
export function minutesOf(duration: string): number {
  const m = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:0S)?)?$/.exec(duration);
  if (m === null) throw new Error(`not a duration of whole minutes: ${duration}`);
  const [, days = "0", hours = "0", minutes = "0"] = m;
  return (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
}

/** Thousandths: what the documents state has three places at the most. */
export function milliOf(value: number): number {
  return Math.round(value * 1_000);
}
