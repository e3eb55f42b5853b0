import type { Quantity } from "@unbroken/model";

// SenML as RFC 8428 has it, as data: the labels of its CBOR form and the units that are quantities of ours.

/** Labels of the CBOR form (RFC 8428 §6, table 4). */
export const senmlLabels: ReadonlyMap<number, string> = new Map([
  [-1, "bver"],
  [-2, "bn"],
  [-3, "bt"],
  [-4, "bu"],
  [-5, "bv"],
  [-6, "bs"],
  [0, "n"],
  [1, "u"],
  [2, "v"],
  [3, "vs"],
  [4, "vb"],
  [5, "s"],
  [6, "t"],
  [7, "ut"],
  [8, "vd"],
]);

interface UnitEntry {
  readonly quantity: Quantity;
  /** Power of ten that leads to the quantity's unit. */
  readonly exponent: number;
  /** Thousandths of the quantity's unit, added after that. */
  readonly offsetMilli: number;
}

/** Units of RFC 8428 §12.1 and RFC 8798 (hPa) that measure a quantity of ours. Names are case sensitive. */
export const senmlUnits: ReadonlyMap<string, UnitEntry> = new Map<string, UnitEntry>([
  ["Cel", { quantity: "temperature", exponent: 0, offsetMilli: 0 }],
  ["K", { quantity: "temperature", exponent: 0, offsetMilli: -273_150 }],
  ["%RH", { quantity: "relative_humidity", exponent: 0, offsetMilli: 0 }],
  ["%EL", { quantity: "battery", exponent: 0, offsetMilli: 0 }],
  ["V", { quantity: "voltage", exponent: 0, offsetMilli: 0 }],
  ["Pa", { quantity: "pressure", exponent: 0, offsetMilli: 0 }],
  ["hPa", { quantity: "pressure", exponent: 2, offsetMilli: 0 }],
]);

/** `/` and a boolean may be any ratio or switch: only a name that says so makes it one of these. 1 is yes. */
export const senmlSwitches: readonly { readonly name: RegExp; readonly quantity: Quantity }[] = [
  { name: /(?:^|[_.:/-])door(?:_open)?$/i, quantity: "door_open" },
  { name: /(?:^|[_.:/-])power(?:_ok|_supply)$/i, quantity: "power_supply" },
  { name: /(?:^|[_.:/-])defrost$/i, quantity: "defrost" },
];
