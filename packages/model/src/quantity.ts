import type { Milli } from "@unbroken/units";
import { z } from "zod";

interface QuantityEntry {
  /** SenML unit (RFC 8428 §12.1 and its registry). */
  readonly unit: string;
  /** The values that the quantity can have at all, in thousandths of the unit, both ends included. */
  readonly span: readonly [min: number, max: number];
}

/** What a sensor can measure. Values are kept in thousandths of the unit. */
export const quantities = {
  // The lower end is absolute zero (SI, -273.15 °C); the upper is far above any cold chain's probe.
  temperature: { unit: "Cel", span: [-273_150, 1_000_000] },
  relative_humidity: { unit: "%RH", span: [0, 100_000] },
  // Voltage, battery and pressure are kept; no rule judges them.
  battery: { unit: "%EL", span: [0, 100_000] },
  voltage: { unit: "V", span: [-1_000_000_000, 1_000_000_000] },
  pressure: { unit: "Pa", span: [0, 1_000_000_000_000] },
  // 1: yes, 0: no. Whether a door is open, mains or the unit's own supply is there, the refrigeration unit defrosts.
  door_open: { unit: "/", span: [0, 1_000] },
  power_supply: { unit: "/", span: [0, 1_000] },
  defrost: { unit: "/", span: [0, 1_000] },
} as const satisfies Record<string, QuantityEntry>;

export const Quantity = z.enum([
  "temperature",
  "relative_humidity",
  "battery",
  "voltage",
  "pressure",
  "door_open",
  "power_supply",
  "defrost",
]);
export type Quantity = z.infer<typeof Quantity>;

export function isPossible(quantity: Quantity, value: Milli): boolean {
  const [min, max] = quantities[quantity].span;
  return value >= min && value <= max;
}
