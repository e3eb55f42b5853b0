import type { OutputReader } from "@unbroken/event-log";
import { deviceOfSensor, keyOf, type Fact, type Registry } from "@unbroken/model";
import { judgedQuantities } from "./judged-quantities.ts";
import { lastPrefix } from "./state-keys.ts";

/**
 * Which sensors were heard at all, and which devices were ever placed in a space. A placement names a device;
 * what is judged are the sensors that it turned out to have.
 */
export class Presence {
  readonly #sensorsOfDevice = new Map<string, Set<string>>();
  readonly #devicesOfSpace = new Map<string, Set<string>>();

  /** After a restart: every sensor that has a last reading. */
  async recall(state: Pick<OutputReader, "scanState">, partition: number): Promise<void> {
    for (const quantity of judgedQuantities)
      await this.#recall(state, partition, lastPrefix(quantity));
  }

  async #recall(
    state: Pick<OutputReader, "scanState">,
    partition: number,
    prefix: string,
  ): Promise<void> {
    for (let after: string | null = null; ;) {
      const rows = await state.scanState(partition, prefix, after, 1_000);
      for (const [key] of rows) {
        const [, organisation = "", ...sensor] = key.split("/");
        this.hear(organisation, sensor.join("/"));
      }
      after = rows.at(-1)?.[0] ?? null;
      if (after === null) return;
    }
  }

  /** @returns whether the sensor is new. */
  hear(organisation: string, sensor: string): boolean {
    return add(this.#sensorsOfDevice, keyOf(organisation, deviceOfSensor(sensor)), sensor);
  }

  note({ organisation, statement }: Fact): void {
    if (statement.kind === "sensor-placed") {
      add(this.#devicesOfSpace, keyOf(organisation, statement.space), statement.device);
    }
  }

  /** Sensors of the devices that were ever placed in the space, ordered by name. */
  sensorsOf(organisation: string, space: string): readonly string[] {
    const devices = this.#devicesOfSpace.get(keyOf(organisation, space)) ?? [];
    return [...devices]
      .flatMap((device) => [...(this.#sensorsOfDevice.get(keyOf(organisation, device)) ?? [])])
      .sort();
  }

  /** The spaces in which a device stands, stood or will stand. */
  spacesOf(registry: Registry, organisation: string, device: string): readonly string[] {
    return [
      ...new Set(
        (registry.placements.get(keyOf(organisation, device)) ?? []).map(({ space }) => space),
      ),
    ];
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): boolean {
  const set = sets.get(key);
  if (set === undefined) {
    sets.set(key, new Set([value]));
    return true;
  }
  if (set.has(value)) return false;
  set.add(value);
  return true;
}
