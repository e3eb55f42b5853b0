import type { FactView } from "@unbroken/model";
import { deviceOf, type SpaceFacts } from "../data/facts.ts";

type Described = Extract<FactView["fact"], { kind: "sensor-described" }>;

/** What holds now of a probe: what was stated of itself goes before what was stated of all probes of its device. */
export function describedOf(
  sensor: string,
  { ofDevices }: Pick<SpaceFacts, "ofDevices">,
): Described | null {
  const device = deviceOf(sensor);
  const probe = sensor.slice(device.length + 1);
  const current = (ofDevices.get(device) ?? []).flatMap(({ fact, current: holds }) =>
    holds && fact.kind === "sensor-described" ? [fact] : [],
  );
  return (
    current.find((fact) => fact.probe === probe) ??
    current.find((fact) => fact.probe === null) ??
    null
  );
}
