import {
  busyDoor,
  coldRoom,
  frozenRoom,
  roomLogger,
  truckBody,
  truckLogger,
} from "../equipment.ts";
import { hours } from "../lengths.ts";
import type { Scenario, SpacePlan } from "../scenario.ts";
import { blueberries, chilledFood, freshTransport, frozenFood } from "../stated-profiles.ts";
import { dali, hallAt, honghe, kunming } from "../yunnan.ts";

const berries: SpacePlan = {
  space: "honghe-blueberry-1",
  name: "蓝莓一号库 (Blueberry room 1)",
  home: { site: honghe.site.site },
  profile: blueberries.id,
  climate: hallAt(honghe),
  thermal: coldRoom(3),
  traffic: busyDoor,
};

const matsutake: SpacePlan = {
  space: "kunming-matsutake-1",
  name: "松茸速冻库 (Frozen matsutake)",
  home: { site: kunming.site.site },
  profile: frozenFood.id,
  climate: hallAt(kunming),
  thermal: frozenRoom(-23),
  traffic: { ...busyDoor, perHour: 1 },
};

const dairy: SpacePlan = {
  space: "dali-dairy-1",
  name: "乳品冷藏库 (Dairy room)",
  home: { site: dali.site.site },
  profile: chilledFood.id,
  climate: hallAt(dali),
  thermal: coldRoom(4),
  traffic: busyDoor,
};

const truck: SpacePlan = {
  space: "truck-g7203-body",
  name: "蓝莓专车厢 (Blueberry truck)",
  home: { vehicle: "truck-g7203" },
  profile: freshTransport.id,
  climate: honghe.outdoors,
  thermal: truckBody(5),
  traffic: null,
};

export const calmDay: Scenario = {
  name: "calm-day",
  title: "Three rooms and a truck on a day on which nothing happens",
  organisation: "yunling-fresh",
  lasts: hours(24),
  stepS: 5,
  sites: [honghe.site, kunming.site, dali.site],
  vehicles: [{ vehicle: "truck-g7203", name: "红河蓝莓专车 (Honghe truck)", plate: "云G·7203F" }],
  profiles: [blueberries, frozenFood, chilledFood, freshTransport],
  spaces: [berries, matsutake, dairy, truck],
  devices: [
    roomLogger("honghe-b1-door", berries),
    roomLogger("honghe-b1-rear", berries),
    roomLogger("kunming-m1", matsutake),
    roomLogger("dali-d1", dairy),
    truckLogger("g7203-box", truck, "block"),
  ],
  stories: [],
};
