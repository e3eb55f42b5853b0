import { busyDoor, coldRoom, contactOf, defrostingRoom, roomLogger } from "../../equipment.ts";
import { chilledGuarded, frozenGuarded } from "../../guarded-profiles.ts";
import {
  TIED_BACK,
  compressorDead,
  deviceDead,
  doorOneHour,
  doorThreeMinutes,
  loadingTenMinutes,
  probeDead,
  radioGap,
  spike,
  supplyCut,
} from "../../labelled-stories.ts";
import { hours } from "../../lengths.ts";
import type { Scenario, SpacePlan, Story } from "../../scenario.ts";
import type { Climate } from "../../climate.ts";
import { dali, hallAt, kunming } from "../../yunnan.ts";

const DAYS = 7;

/** A hall that the condensers warm. */
const warmHall: Climate = { meanC: 24, swingC: 3, weatherC: 0.5 };

const frozen = (number: number): SpacePlan => ({
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

const chilled = (space: string, name: string): SpacePlan => ({
  space,
  name,
  home: { site: dali.site.site },
  profile: chilledGuarded.id,
  climate: warmHall,
  thermal: coldRoom(4),
  traffic: busyDoor,
  knownPhysics: { timeConstant: hours(2), ambientC: 30, coldestC: -10 },
  coreC: [0, 8],
});

const matsutake = frozen(1);
const truffles = frozen(2);
const dairy = chilled("dali-dairy-1", "牦牛乳品库 (Yak dairy room)");
const milk = chilled("dali-dairy-2", "鲜奶库 (Fresh milk room)");

/** The hours of a day's ordinary work; each day everything is a little later, so that it meets defrosts and weather anew. */
function ordinaryDay(day: number): readonly Story[] {
  const at = (hour: number): ReturnType<typeof hours> => hours(24 * day + hour + 0.17 * day);
  return [
    ...[8.2, 11.5, 15.3].map((hour) => doorThreeMinutes(matsutake.space, at(hour))),
    ...[9, 13.4, 17].map((hour) => doorThreeMinutes(truffles.space, at(hour))),
    ...[7.5, 10, 12.1, 16.5].map((hour) => doorThreeMinutes(dairy.space, at(hour))),
    ...[8.8, 14.6].map((hour) => doorThreeMinutes(milk.space, at(hour))),
    loadingTenMinutes(matsutake.space, at(10)),
    loadingTenMinutes(truffles.space, at(15)),
    loadingTenMinutes(dairy.space, at(9.2), TIED_BACK),
    loadingTenMinutes(milk.space, at(16.2), TIED_BACK),
    spike(["kunming-m1", "kunming-m2", "dali-d1", "dali-d2"][day % 4] ?? "dali-d2", at(5)),
    radioGap(["dali-d1", "kunming-m1", "dali-d2", "kunming-m2"][day % 4] ?? "dali-d1", at(20)),
  ];
}

const at = (day: number, hour: number): ReturnType<typeof hours> => hours(24 * day + hour);

export const mixedWeek: Scenario = {
  name: "mixed-week",
  title: "Four rooms of two sites for a week: ordinary work every day, and six things to wake for",
  organisation: "yunling-fresh",
  lasts: hours(24 * DAYS),
  stepS: 5,
  sites: [kunming.site, dali.site],
  vehicles: [],
  profiles: [frozenGuarded, chilledGuarded],
  spaces: [matsutake, truffles, dairy, milk],
  devices: [
    roomLogger("kunming-m1", matsutake, { accuracyC: 0.3 }),
    roomLogger("kunming-m2", truffles, { accuracyC: 0.3 }),
    roomLogger("dali-d1", dairy, { accuracyC: 0.3 }),
    roomLogger("dali-d2", milk, { accuracyC: 0.3 }),
  ],
  contacts: [
    contactOf("kunming-m1-contact", matsutake),
    contactOf("kunming-m2-contact", truffles),
    contactOf("dali-d1-contact", dairy),
    contactOf("dali-d2-contact", milk),
  ],
  stories: [
    ...Array.from({ length: DAYS }, (_, day) => ordinaryDay(day)).flat(),
    compressorDead(truffles.space, at(1, 2.5), hours(6)),
    doorOneHour(dairy.space, at(2, 18.3), TIED_BACK),
    probeDead("kunming-m1", at(3, 3), hours(4)),
    supplyCut(milk.space, at(4, 1), hours(5)),
    deviceDead("dali-d1", at(5, 22), hours(3)),
    compressorDead(milk.space, at(6, 0.5), hours(8)),
  ],
};
