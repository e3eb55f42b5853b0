import { busyDoor, frozenRoom, roomLogger } from "../equipment.ts";
import { hours } from "../lengths.ts";
import type { Scenario, SpacePlan } from "../scenario.ts";
import { frozenFood } from "../stated-profiles.ts";
import { hallAt, kunming } from "../yunnan.ts";

const room = (number: number): SpacePlan => ({
  space: `kunming-matsutake-${number}`,
  name: `松茸速冻${["一", "二"][number - 1] ?? ""}库 (Frozen matsutake ${number})`,
  home: { site: kunming.site.site },
  profile: frozenFood.id,
  climate: hallAt(kunming),
  thermal: frozenRoom(-23),
  traffic: { ...busyDoor, perHour: 1 },
});

const dead = room(1);
const sound = room(2);

export const deadCompressor: Scenario = {
  name: "dead-compressor-at-night",
  title: "The compressor of a freezer dies at half past one and is mended at seven",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [kunming.site],
  vehicles: [],
  profiles: [frozenFood],
  spaces: [dead, sound],
  devices: [
    roomLogger("kunming-m1-front", dead),
    roomLogger("kunming-m1-rear", dead),
    roomLogger("kunming-m2", sound),
  ],
  stories: [{ kind: "breakdown", space: dead.space, at: hours(1.5), lasts: hours(5.5) }],
};
