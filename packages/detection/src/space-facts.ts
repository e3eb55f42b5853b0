import type { OutOfService, SensorDescription, StatedPhase, Thermal } from "@unbroken/model";

/** What is stated of a space and its sensors, beside placements and profiles. Each list is sorted by time. */
export interface SpaceFacts {
  /** Each holds until the next. */
  readonly thermals: readonly Thermal[];
  readonly outOfService: readonly OutOfService[];
  readonly phases: readonly StatedPhase[];
  /** By sensor; each holds until the next. */
  readonly sensors: ReadonlyMap<string, readonly SensorDescription[]>;
}

export const noFacts: SpaceFacts = {
  thermals: [],
  outOfService: [],
  phases: [],
  sensors: new Map(),
};
