import { coldRoom, frozenRoom, quick, roomLogger, truckBody, truckLogger } from "../equipment.ts";
import { hours, minutes, seconds } from "../lengths.ts";
import type { Climate } from "../climate.ts";
import type { DevicePlan, Scenario, SpacePlan, StatedProfileDocument } from "../scenario.ts";
import type { ThermalPlan } from "../thermal-model.ts";
import { chilledFood, freshTransport, frozenFood } from "../stated-profiles.ts";
import { dali, honghe, kunming, xishuangbanna } from "../yunnan.ts";

// Made to be watched: a sample every 5 s and an allowance of 30 s, so that an open door is an excursion about a minute
// and a half after the start. Silence counts after 150 s, so that a history of a sample each two
// minutes has no gaps.

const CADENCE = seconds(5);

function quickened(profile: StatedProfileDocument, id: string): StatedProfileDocument {
  return {
    ...profile,
    id,
    title: `${profile.title ?? id}, quickened for the demo: 30 seconds`,
    cadence: "PT5S",
    gap: "PT2M30S",
    rules: profile.rules.map((rule) =>
      rule.mode === "consecutive" ? { ...rule, hold: "PT30S" } : rule,
    ),
  };
}

const chilled = quickened(chilledFood, "demo-chilled");
const frozen = quickened(frozenFood, "demo-frozen");
/** Without the rule for any moment above 15 °C, which would say twice what the open door is there to show. */
const fresh = quickened(
  { ...freshTransport, rules: freshTransport.rules.filter((rule) => rule.id !== "hot") },
  "demo-fresh",
);

/** Indoors, so that the demo plays the same at any hour and season. */
const hall: Climate = { meanC: 21, swingC: 2, weatherC: 0.5 };
const road: Climate = { meanC: 17, swingC: 4, weatherC: 1 };

/** A small room of 30 m³: an open door changes its air in a minute and a half. */
const smallRoom: ThermalPlan = { ...coldRoom(5), doorTauS: 90 };

type Row = readonly [
  space: string,
  name: string,
  site: string,
  profile: StatedProfileDocument,
  thermal: ThermalPlan,
];

const rooms: readonly Row[] = [
  ["honghe-blueberry-1", "蓝莓一号库 (Blueberry 1)", honghe.site.site, fresh, smallRoom],
  ["honghe-blueberry-2", "蓝莓二号库 (Blueberry 2)", honghe.site.site, fresh, coldRoom(4.5)],
  ["honghe-pomegranate-1", "石榴库 (Pomegranate)", honghe.site.site, chilled, coldRoom(5)],
  ["kunming-matsutake-1", "松茸冷藏库 (Matsutake)", kunming.site.site, chilled, coldRoom(3)],
  [
    "kunming-matsutake-2",
    "松茸速冻库 (Frozen matsutake)",
    kunming.site.site,
    frozen,
    frozenRoom(-23),
  ],
  ["kunming-rose-1", "玫瑰预冷库 (Cut roses)", kunming.site.site, chilled, coldRoom(4)],
  ["kunming-lily-1", "百合库 (Lilies)", kunming.site.site, chilled, coldRoom(4)],
  ["dali-dairy-1", "牦牛乳品库 (Yak dairy)", dali.site.site, chilled, coldRoom(4)],
  ["dali-cheese-1", "乳扇库 (Rushan cheese)", dali.site.site, chilled, coldRoom(5)],
  ["dali-icecream-1", "冰淇淋库 (Ice cream)", dali.site.site, frozen, frozenRoom(-24)],
  ["xishuangbanna-mango-1", "小台芒库 (Mango)", xishuangbanna.site.site, chilled, coldRoom(7)],
  [
    "xishuangbanna-fish-1",
    "罗非鱼冻库 (Frozen tilapia)",
    xishuangbanna.site.site,
    frozen,
    frozenRoom(-23),
  ],
];

const trucks = [
  ["truck-g7203", "红河蓝莓专车 (Blueberry truck)", "云G·7203F", 5],
  ["truck-a1618", "昆明鲜花专车 (Flower truck)", "云A·1618D", 5],
  ["truck-l2718", "大理乳品专车 (Dairy truck)", "云L·2718D", 4.5],
  ["truck-k3141", "版纳果蔬专车 (Produce truck)", "云K·3141D", 5],
] as const;

const roomPlans: readonly SpacePlan[] = rooms.map(([space, name, site, profile, thermal]) => ({
  space,
  name,
  home: { site },
  profile: profile.id,
  climate: hall,
  thermal,
  traffic: null,
}));

const bodyPlans: readonly SpacePlan[] = trucks.map(([vehicle, name, , setpointC]) => ({
  space: `${vehicle}-body`,
  name: name.replace("专车", "专车厢"),
  home: { vehicle },
  profile: fresh.id,
  climate: road,
  thermal: truckBody(setpointC),
  traffic: null,
}));

const devices: readonly DevicePlan[] = [
  ...roomPlans.map((room) => roomLogger(`${room.space}-a`, room, quick(CADENCE))),
  ...bodyPlans.map((body) =>
    truckLogger(`${body.space}-a`, body, "block", {
      ...quick(CADENCE),
      radio: { order: "block", resend: 0.02, dropsPerHour: 0, dropS: [0, 0] },
    }),
  ),
];

export const demo: Scenario = {
  name: "demo",
  title: "Twelve rooms and four trucks by the second; a door is left open soon after the start",
  organisation: "yunling-fresh",
  lasts: minutes(30),
  stepS: 1,
  sites: [honghe.site, kunming.site, dali.site, xishuangbanna.site],
  vehicles: trucks.map(([vehicle, name, plate]) => ({ vehicle, name, plate })),
  profiles: [chilled, frozen, fresh],
  spaces: [...roomPlans, ...bodyPlans],
  devices,
  stories: [
    // Last night one truck's box had no power: nothing is proven of that time.
    { kind: "power-cut", device: "truck-l2718-body-a", at: hours(-7), lasts: minutes(45) },
    {
      kind: "door-open",
      space: "honghe-blueberry-1",
      at: seconds(10),
      lasts: minutes(15),
      opening: 1,
    },
    // A tunnel: the board shows doubt, then the late readings clear it.
    { kind: "radio-gap", device: "truck-g7203-body-a", at: minutes(5), lasts: minutes(4) },
  ],
};
