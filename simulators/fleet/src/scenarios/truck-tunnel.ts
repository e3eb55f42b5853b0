import { busyDoor, coldRoom, roomLogger, truckBody, truckLogger } from "../equipment.ts";
import { hours, minutes } from "../lengths.ts";
import type { BackfillOrder } from "../outbox.ts";
import type { DevicePlan, Scenario, SpacePlan, Story } from "../scenario.ts";
import { chilledFood, freshTransport } from "../stated-profiles.ts";
import { hallAt, kunming, xishuangbanna } from "../yunnan.ts";

const TUNNEL_AT = hours(12);
const TUNNEL_LASTS = hours(3);

const body = (vehicle: string, name: string): SpacePlan => ({
  space: `${vehicle}-body`,
  name,
  home: { vehicle },
  profile: freshTransport.id,
  climate: xishuangbanna.outdoors,
  thermal: truckBody(5),
  traffic: null,
});

const withBlock = body("truck-k3141", "玫瑰专车厢 (Rose truck)");
const withMixed = body("truck-k5926", "果蔬专车厢 (Produce truck)");
const room: SpacePlan = {
  space: "kunming-rose-1",
  name: "玫瑰预冷库 (Rose room)",
  home: { site: kunming.site.site },
  profile: chilledFood.id,
  climate: hallAt(kunming),
  thermal: coldRoom(4),
  traffic: busyDoor,
};

// Short losses would blur what the tunnel is to show.
const logger = (device: string, space: SpacePlan, order: BackfillOrder): DevicePlan =>
  truckLogger(device, space, order, {
    radio: { order, resend: 0.02, dropsPerHour: 0, dropS: [0, 0] },
  });

function storiesOf(space: string, device: string): readonly Story[] {
  return [
    { kind: "radio-gap", device, at: TUNNEL_AT, lasts: TUNNEL_LASTS },
    // In the tunnel the door, badly latched, stands ajar until the driver sees it.
    { kind: "door-open", space, at: hours(12.9), lasts: minutes(36), opening: 0.16 },
    // At 15:12, with the backlog still coming in, two minutes at a customer's; too short to be an excursion.
    { kind: "door-open", space, at: hours(15.2), lasts: minutes(2), opening: 0.3 },
    // In the evening, with radio: unloading.
    { kind: "door-open", space, at: hours(19.8), lasts: minutes(14), opening: 0.3 },
  ];
}

export const truckTunnel: Scenario = {
  name: "truck-tunnel",
  title:
    "Two trucks without radio for 3 hours, warm for 40 minutes of them; backlog as a block and mixed",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [kunming.site],
  vehicles: [
    { vehicle: "truck-k3141", name: "版纳玫瑰专车 (Rose truck)", plate: "云K·3141D" },
    { vehicle: "truck-k5926", name: "版纳果蔬专车 (Produce truck)", plate: "云K·5926D" },
  ],
  profiles: [freshTransport, chilledFood],
  spaces: [withBlock, withMixed, room],
  devices: [
    logger("k3141-box", withBlock, "block"),
    logger("k5926-box", withMixed, "mixed"),
    roomLogger("kunming-r1", room),
  ],
  stories: [
    ...storiesOf(withBlock.space, "k3141-box"),
    ...storiesOf(withMixed.space, "k5926-box"),
    { kind: "door-open", space: room.space, at: hours(16), lasts: minutes(45), opening: 1 },
  ],
};
