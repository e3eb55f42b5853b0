import type { ReadingView } from "@unbroken/model";
import { getJson } from "./api.ts";
import type { Range } from "./envelope.ts";
import type { Page } from "./page.ts";

export const signals = ["door_open", "defrost"] as const;
export type Signal = (typeof signals)[number];
export type SignalReadings = Readonly<Record<Signal, readonly ReadingView[]>>;

/** A busy dock opens its door some hundred times a week; beyond this the rail says less, and nothing is judged by it. */
const READINGS_MAX = 1_000;

/** What the door contacts and the refrigeration units of some devices said. */
export async function fetchSignals(
  organisation: string,
  devices: readonly string[],
  { from, to }: Range,
  signal: AbortSignal,
): Promise<SignalReadings> {
  const of = async (quantity: Signal) => {
    const pages = await Promise.all(
      devices.map(async (device) => {
        const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
        const query = { organisation, device, quantity, ...span, limit: READINGS_MAX };
        return (await getJson<Page<ReadingView>>("/readings", query, signal)).items;
      }),
    );
    return pages.flat();
  };
  const [door_open, defrost] = await Promise.all([of("door_open"), of("defrost")]);
  return { door_open, defrost };
}
