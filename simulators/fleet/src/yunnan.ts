import type { Climate } from "./climate.ts";
import type { SitePlan } from "./scenario.ts";

// Places of the scenarios. Regions are GB/T 2260 codes. Climates are chosen to be plausible
// for January in the place; they are no measurement.

interface Place {
  readonly site: SitePlan;
  readonly outdoors: Climate;
}

function place(site: string, name: string, region: string, meanC: number, swingC: number): Place {
  return { site: { site, name, region }, outdoors: { meanC, swingC, weatherC: 1 } };
}

export const kunming = place(
  "kunming-airport",
  "昆明长水冷链中心 (Kunming Changshui hub)",
  "530111",
  9,
  7,
);
export const honghe = place(
  "honghe-mengzi",
  "红河蒙自蓝莓库 (Honghe blueberry store)",
  "532503",
  13,
  6,
);
export const dali = place("dali-xiaguan", "大理下关乳品库 (Dali dairy store)", "532901", 9, 7);
export const xishuangbanna = place(
  "xishuangbanna-jinghong",
  "西双版纳景洪果蔬库 (Xishuangbanna produce store)",
  "532801",
  18,
  7,
);

/** The hall in which cold rooms stand: milder than outdoors, warmed by people, lamps and condensers. */
export function hallAt({ outdoors }: Place): Climate {
  return { meanC: outdoors.meanC + 6, swingC: outdoors.swingC * 0.4, weatherC: 0.5 };
}
