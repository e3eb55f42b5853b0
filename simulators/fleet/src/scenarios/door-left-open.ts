import { busyDoor, coldRoom, roomLogger } from "../equipment.ts";
import { hours, minutes } from "../lengths.ts";
import type { Scenario, SpacePlan } from "../scenario.ts";
import { blueberries } from "../stated-profiles.ts";
import { hallAt, honghe } from "../yunnan.ts";

const room = (number: number): SpacePlan => ({
  space: `honghe-blueberry-${number}`,
  name: `蓝莓${["一", "二"][number - 1] ?? ""}号库 (Blueberry room ${number})`,
  home: { site: honghe.site.site },
  profile: blueberries.id,
  climate: hallAt(honghe),
  thermal: coldRoom(3),
  traffic: busyDoor,
});

const open = room(1);
const shut = room(2);

export const doorLeftOpen: Scenario = {
  name: "door-left-open",
  title: "The door of one of two blueberry rooms stands open for 50 minutes in the afternoon",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [honghe.site],
  vehicles: [],
  profiles: [blueberries],
  spaces: [open, shut],
  devices: [
    roomLogger("honghe-b1-door", open),
    roomLogger("honghe-b1-rear", open),
    roomLogger("honghe-b2", shut),
  ],
  stories: [
    { kind: "door-open", space: open.space, at: hours(14), lasts: minutes(50), opening: 1 },
  ],
};
