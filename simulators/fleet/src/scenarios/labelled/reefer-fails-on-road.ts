import { contactOf, truckBody, truckLogger } from "../../equipment.ts";
import { roadGuarded } from "../../guarded-profiles.ts";
import {
  TRUCK_DOORS,
  doorThreeMinutes,
  loadingTenMinutes,
  radioGap,
  reeferFailure,
} from "../../labelled-stories.ts";
import { hours } from "../../lengths.ts";
import type { DevicePlan, Scenario, SpacePlan } from "../../scenario.ts";
import { xishuangbanna } from "../../yunnan.ts";

const body = (vehicle: string, name: string): SpacePlan => ({
  space: `${vehicle}-body`,
  name,
  home: { vehicle },
  profile: roadGuarded.id,
  climate: xishuangbanna.outdoors,
  thermal: truckBody(4),
  traffic: null,
  coreC: [0, 8],
});

const failing = body("truck-k3141", "玫瑰专车厢 (Rose truck)");
const sound = body("truck-k5926", "果蔬专车厢 (Produce truck)");

// Losses of radio are labelled stories here, not drawn.
const logger = (device: string, space: SpacePlan): DevicePlan =>
  truckLogger(device, space, "block", {
    accuracyC: 0.5,
    radio: { order: "block", resend: 0.02, dropsPerHour: 0, dropS: [0, 0] },
  });

export const reeferFailsOnRoad: Scenario = {
  name: "reefer-fails-on-road",
  title: "Two trucks deliver all day; the unit of one fails at eleven, 20 minutes before a tunnel",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [],
  vehicles: [
    { vehicle: "truck-k3141", name: "版纳玫瑰专车 (Rose truck)", plate: "云K·3141D" },
    { vehicle: "truck-k5926", name: "版纳果蔬专车 (Produce truck)", plate: "云K·5926D" },
  ],
  profiles: [roadGuarded],
  spaces: [failing, sound],
  devices: [logger("k3141-box", failing), logger("k5926-box", sound)],
  contacts: [
    contactOf("k3141-contact", failing, { watches: ["door", "defrost"], timeFormat: "epoch-ms" }),
    contactOf("k5926-contact", sound, { watches: ["door", "defrost"], timeFormat: "epoch-ms" }),
  ],
  stories: [
    loadingTenMinutes(failing.space, hours(6), TRUCK_DOORS),
    ...[7.5, 8.7, 9.8].map((at) => doorThreeMinutes(failing.space, hours(at), TRUCK_DOORS)),
    reeferFailure(failing.space, hours(11), hours(6)),
    radioGap("k3141-box", hours(11.33)),
    loadingTenMinutes(sound.space, hours(6.5), TRUCK_DOORS),
    ...[8, 9, 10.2, 11.5, 13, 14.1, 15.6, 17].map((at) =>
      doorThreeMinutes(sound.space, hours(at), TRUCK_DOORS),
    ),
    radioGap("k5926-box", hours(12)),
  ],
};
