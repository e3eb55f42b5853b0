import type { FactView } from "@unbroken/model";
import { ApiProblem, getJson } from "./api.ts";
import type { Place } from "./verdict.ts";

/** What was stated of a space and of the devices whose probes are in it, the latest first. */
export interface SpaceFacts {
  readonly ofSpace: readonly FactView[];
  readonly ofDevices: ReadonlyMap<string, readonly FactView[]>;
}

export async function fetchFacts(
  { organisation, space }: Place,
  sensors: readonly string[],
  signal: AbortSignal,
): Promise<SpaceFacts> {
  const root = `/organisations/${encodeURIComponent(organisation)}`;
  const facts = async (path: string) =>
    (await getJson<{ readonly facts: readonly FactView[] }>(`${root}${path}/facts`, {}, signal))
      .facts;
  const ofSpace = await facts(`/spaces/${encodeURIComponent(space)}`);
  const devices = new Set([...sensors.map(deviceOf), ...placedDevices(ofSpace)]);
  const ofDevices = await Promise.all(
    [...devices].map(
      async (device) =>
        [
          device,
          await facts(`/devices/${encodeURIComponent(device)}`).catch(noneIfUnknown),
        ] as const,
    ),
  );
  return { ofSpace, ofDevices: new Map(ofDevices) };
}

/** A probe may be heard through a gateway that nobody registered as its device. */
function noneIfUnknown(problem: unknown): readonly FactView[] {
  if (problem instanceof ApiProblem && problem.status === 404) return [];
  throw problem;
}

/** `device/probe` is a sensor's name. */
export function deviceOf(sensor: string): string {
  return sensor.slice(0, Math.max(0, sensor.indexOf("/")));
}

function placedDevices(facts: readonly FactView[]): readonly string[] {
  return facts.flatMap(({ fact, current }) =>
    fact.kind === "sensor-placed" && current ? [fact.device] : [],
  );
}
