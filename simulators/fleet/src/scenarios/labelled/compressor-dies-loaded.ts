import { busyDoor, contactOf, defrostingRoom, roomLogger } from "../../equipment.ts";
import { frozenGuarded } from "../../guarded-profiles.ts";
import { compressorDead, doorThreeMinutes, loadingTenMinutes } from "../../labelled-stories.ts";
import { hours } from "../../lengths.ts";
import type { Scenario, SpacePlan } from "../../scenario.ts";
import { hallAt, kunming } from "../../yunnan.ts";

const room = (number: number): SpacePlan => ({
  space: `kunming-matsutake-${number}`,
  name: `松茸速冻${["一", "二"][number - 1] ?? ""}库 (Frozen matsutake ${number})`,
  home: { site: kunming.site.site },
  profile: frozenGuarded.id,
  climate: hallAt(kunming),
  thermal: defrostingRoom(-22),
  traffic: { ...busyDoor, perHour: 1 },
  knownPhysics: { timeConstant: hours(3), ambientC: 22, coldestC: -35 },
  coreC: [-40, -18],
});

const dead = room(1);
const sound = room(2);

export const compressorDiesLoaded: Scenario = {
  name: "compressor-dies-loaded",
  title:
    "The compressor of a full freezer dies at one in the morning; the other has its doors opened",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [kunming.site],
  vehicles: [],
  profiles: [frozenGuarded],
  spaces: [dead, sound],
  devices: [
    roomLogger("kunming-m1", dead, { accuracyC: 0.3 }),
    roomLogger("kunming-m2", sound, { accuracyC: 0.3 }),
  ],
  contacts: [contactOf("kunming-m1-contact", dead), contactOf("kunming-m2-contact", sound)],
  stories: [
    compressorDead(dead.space, hours(1), hours(7)),
    ...[0.5, 6, 9, 11, 13, 16].map((at) => doorThreeMinutes(sound.space, hours(at))),
    ...[10, 15].map((at) => loadingTenMinutes(sound.space, hours(at))),
  ],
};
