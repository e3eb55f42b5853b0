import { busyDoor, contactOf, defrostingRoom, roomLogger } from "../../equipment.ts";
import { frozenGuarded } from "../../guarded-profiles.ts";
import { doorThreeMinutes, loadingTenMinutes, radioGap, spike } from "../../labelled-stories.ts";
import { hours } from "../../lengths.ts";
import type { Scenario, SpacePlan } from "../../scenario.ts";
import { hallAt, kunming } from "../../yunnan.ts";

const room: SpacePlan = {
  space: "kunming-matsutake-1",
  name: "松茸速冻一库 (Frozen matsutake 1)",
  home: { site: kunming.site.site },
  profile: frozenGuarded.id,
  climate: hallAt(kunming),
  thermal: defrostingRoom(-22),
  traffic: { ...busyDoor, perHour: 2 },
  knownPhysics: { timeConstant: hours(3), ambientC: 22, coldestC: -35 },
  coreC: [-40, -18],
};

export const doorsAndDefrost: Scenario = {
  name: "doors-and-defrost",
  title:
    "A frozen room on a busy day: doors, loading, three defrosts, a spike; nothing to wake for",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [kunming.site],
  vehicles: [],
  profiles: [frozenGuarded],
  spaces: [room],
  devices: [
    roomLogger("kunming-m1-front", room, { accuracyC: 0.3 }),
    roomLogger("kunming-m1-rear", room, { accuracyC: 0.3 }),
  ],
  contacts: [contactOf("kunming-m1-contact", room)],
  stories: [
    spike("kunming-m1-rear", hours(4)),
    ...[7, 8.5, 10.5, 12, 13.2, 15, 16.4, 17.5, 19].map((at) =>
      doorThreeMinutes(room.space, hours(at)),
    ),
    ...[9.5, 14, 18].map((at) => loadingTenMinutes(room.space, hours(at))),
    radioGap("kunming-m1-front", hours(21)),
  ],
};
