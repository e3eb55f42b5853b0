import { busyDoor, coldRoom, roomLogger } from "../equipment.ts";
import { hours } from "../lengths.ts";
import type { Scenario, SpacePlan } from "../scenario.ts";
import { chilledFood } from "../stated-profiles.ts";
import { dali, hallAt } from "../yunnan.ts";

const room = (space: string, name: string): SpacePlan => ({
  space,
  name,
  home: { site: dali.site.site },
  profile: chilledFood.id,
  climate: hallAt(dali),
  thermal: coldRoom(4),
  traffic: busyDoor,
});

const flapping = room("dali-dairy-1", "牦牛乳品库 (Yak dairy room)");
const dead = room("dali-dairy-2", "鲜奶库 (Fresh milk room)");
const stuck = room("dali-cheese-1", "乳扇库 (Rushan cheese room)");

export const flappingProbe: Scenario = {
  name: "flapping-probe",
  title: "A loose plug, a dead probe and a stuck one in rooms that are cold all day",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [dali.site],
  vehicles: [],
  profiles: [chilledFood],
  spaces: [flapping, dead, stuck],
  devices: [
    roomLogger("dali-d1", flapping),
    // Two probes: while one is dead, the room is unproven, for the other stands elsewhere in it.
    roomLogger("dali-d2-front", dead),
    roomLogger("dali-d2-rear", dead),
    roomLogger("dali-c1", stuck),
  ],
  stories: [
    { kind: "probe-fault", device: "dali-d1", fault: "flapping", at: hours(9), lasts: hours(2) },
    { kind: "reboot", device: "dali-d1", at: hours(11), lasts: hours(1) },
    {
      kind: "probe-fault",
      device: "dali-d2-rear",
      fault: "open-circuit",
      at: hours(13),
      lasts: hours(1),
    },
    { kind: "probe-fault", device: "dali-c1", fault: "stuck", at: hours(15), lasts: hours(3) },
  ],
};
