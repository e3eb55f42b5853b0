import type { Quantity } from "@unbroken/model";

// Own format v1 as data: what `docs/formats/own-v1.md` explains and `definition` in a reading names by its hash.

export type OwnField =
  | "temperature_c"
  | "relative_humidity_pct"
  | "battery_pct"
  | "voltage_v"
  | "pressure_pa"
  | "door_open"
  | "power_ok"
  | "defrost";

interface FieldEntry {
  readonly field: OwnField;
  readonly quantity: Quantity;
  readonly as: "number" | "boolean";
}

/** The fields that measure, in the order in which their readings are given. */
export const ownFields: readonly FieldEntry[] = [
  { field: "temperature_c", quantity: "temperature", as: "number" },
  { field: "relative_humidity_pct", quantity: "relative_humidity", as: "number" },
  { field: "battery_pct", quantity: "battery", as: "number" },
  { field: "voltage_v", quantity: "voltage", as: "number" },
  { field: "pressure_pa", quantity: "pressure", as: "number" },
  { field: "door_open", quantity: "door_open", as: "boolean" },
  { field: "power_ok", quantity: "power_supply", as: "boolean" },
  { field: "defrost", quantity: "defrost", as: "boolean" },
];
