import type { AlertView, ProfileView } from "@unbroken/model";

const MINUTE = 60_000;
const hold = (minutes: number) => minutes * MINUTE;

function profile(
  id: string,
  title: string,
  cadence: number,
  limits: readonly (readonly ["high" | "low", number, number, string])[],
  given: Partial<ProfileView> = {},
): ProfileView {
  return {
    id,
    title,
    title_zh: null,
    source: null,
    edition: null,
    effective_from: null,
    effective_until: null,
    confidence: null,
    confirmed: false,
    hash: `${Buffer.from(id).toString("hex")}${"0".repeat(64)}`.slice(0, 64),
    cadence_ms: cadence * MINUTE,
    gap_ms: cadence * 2.5 * MINUTE,
    limits: limits.map(([side, limit, minutes, clause]) => ({
      rule: side,
      quantity: "air",
      mode: "consecutive",
      side,
      comparison: side === "high" ? "gt" : "lt",
      limit,
      unit: "Cel",
      limit_c: limit,
      hold_ms: hold(minutes),
      scope_ms: null,
      severity: "break",
      hysteresis: 0,
      clear_ms: 0,
      phases: null,
      allowances: [],
      scheduled: false,
      clause,
    })),
    ...given,
  };
}

const stated = (zh: string, source: string, edition: string): Partial<ProfileView> => ({
  title_zh: zh,
  source,
  edition,
  confidence: "text",
});
export const chilled = profile(
  "chilled.cn",
  "Chilled food, 0 to 10 °C",
  5,
  [
    ["high", 10, 30, "GB 31605-2020, 0–10 °C"],
    ["low", 0, 30, "GB 31605-2020, 0–10 °C"],
  ],
  stated("冷藏食品 0–10 °C", "GB 31605-2020", "2020"),
);
export const frozen = profile(
  "frozen.cn",
  "Frozen food, −18 °C or colder",
  5,
  [["high", -18, 30, "GB/T 24616-2019, ≤ −18 °C"]],
  stated("冷冻食品 −18 °C 及以下", "GB/T 24616-2019", "2019"),
);
export const vaccine = profile(
  "vacc.2-8.store",
  "Vaccine store, 2 to 8 °C",
  5,
  [
    ["high", 8, 60, "WHO PQS E003, HEAT (shortened for this site)"],
    ["low", 2, 60, "WHO PQS E003, FRZE"],
  ],
  { ...stated("疫苗储存 2–8 °C", "WHO PQS E003", "2019"), confidence: "template" },
);

/** A warm or cold spell: towards `by` °C more with a time constant, and back again after its end. Minutes ago. */
export interface Spell {
  readonly from: number;
  readonly to: number;
  readonly by: number;
  readonly tau: number;
}

/** A room with a made-up but steady life, so that every look at it shows the same past. */
export interface Room {
  readonly space: string;
  readonly name: string;
  readonly site: readonly [id: string, name: string] | null;
  readonly vehicle: readonly [id: string, name: string] | null;
  readonly profile: ProfileView | null;
  readonly set: number;
  readonly swing: number;
  readonly sensors: number;
  readonly spells: readonly Spell[];
  /** Silences in minutes ago, `[from, to]`; to 0 lasts until now. */
  readonly silences: readonly (readonly [from: number, to: number])[];
  readonly deadProbe: boolean;
  readonly heard: boolean;
  readonly alerts: readonly RoomAlert[];
  /** Since so many minutes. */
  readonly outOfService: { readonly since: number; readonly reason: string } | null;
  /** When its door was open and when it defrosted, in minutes ago. */
  readonly doors: readonly (readonly [from: number, to: number])[];
  readonly defrosts: readonly (readonly [from: number, to: number])[];
}

export interface RoomAlert {
  readonly trouble: AlertView["trouble"];
  readonly urgency: AlertView["urgency"];
  /** Minutes ago. */
  readonly since: number;
  readonly taken?: { readonly by: string; readonly ago: number; readonly note: string };
}

const sites = [
  ["suzhou", "苏州工业园冷链物流中心"],
  ["wuxi", "无锡疾控中心疫苗冷库"],
  ["haian", "海安速冻食品一厂"],
  ["rotterdam", "Rotterdam Maasvlakte Cold Store Terminal 4"],
  ["nantong", "南通港保税冷库"],
] as const;

const kinds = [
  ["冷藏间", chilled, 4],
  ["速冻库", frozen, -22.5],
  ["疫苗库", vaccine, 5],
  ["穿堂", chilled, 7.5],
  ["低温周转库", frozen, -24],
  ["Blast freezer", frozen, -27],
  ["Ripening room", chilled, 6],
] as const;

const calm = (given: Partial<Room> & Pick<Room, "space" | "name">): Room => ({
  site: null,
  vehicle: null,
  profile: chilled,
  set: 4,
  swing: 0.7,
  sensors: 2,
  spells: [],
  silences: [],
  deadProbe: false,
  heard: true,
  alerts: [],
  outOfService: null,
  doors: [],
  defrosts: [],
  ...given,
});

function ordinary(i: number): Room {
  const site = sites[i % sites.length] ?? sites[0];
  const [kind, kept, set] = kinds[i % kinds.length] ?? kinds[0];
  const number = Math.floor(i / sites.length) + 1;
  const english = site[0] === "rotterdam" || !/[\u4e00-\u9fff]/.test(kind);
  return calm({
    space: `room-${i + 1}`,
    name: english ? `${kind} ${number}` : `${number}号${kind}`,
    site,
    profile: kept,
    set: set + ((i * 7) % 5) * 0.2,
    sensors: 1 + (i % 3),
    spells: i % 11 === 4 ? [{ from: 700, to: 640, by: 9, tau: 18 }] : [],
    silences: i % 13 === 6 ? [[520, 470]] : [],
  });
}

const incidents: readonly Room[] = [
  calm({
    space: "freezer-3",
    name: "3号速冻库（出口虾仁，货主：南通通港水产有限公司）",
    site: sites[2],
    profile: frozen,
    set: -22,
    sensors: 3,
    spells: [
      { from: 96, to: 0, by: 16, tau: 55 },
      { from: 2_900, to: 2_780, by: 11, tau: 30 },
    ],
    silences: [[610, 552]],
    alerts: [
      { trouble: "warm", urgency: "high", since: 90 },
      {
        trouble: "door",
        urgency: "low",
        since: 88,
        taken: { by: "王师傅", ago: 70, note: "门已关，压缩机跳闸，正在复位" },
      },
    ],
    doors: [
      [1_180, 1_162],
      [410, 398],
      [98, 72],
    ],
    defrosts: [
      [1_300, 1_275],
      [820, 795],
      [340, 315],
    ],
  }),
  calm({
    space: "vaccine-2",
    name: "疫苗库 B 区 2 号柜",
    site: sites[1],
    profile: vaccine,
    set: 3.2,
    swing: 0.2,
    spells: [{ from: 44, to: 0, by: -2.6, tau: 25 }],
    alerts: [{ trouble: "cold", urgency: "high", since: 12 }],
  }),
  calm({
    space: "chill-9",
    name: "Order-picking chill room 9 (mixed dairy, temporary allocation)",
    site: sites[3],
    set: 6,
    spells: [{ from: 40, to: 0, by: 8, tau: 30 }],
  }),
  calm({
    space: "chill-4",
    name: "4号穿堂",
    site: sites[0],
    set: 6,
    spells: [{ from: 30, to: 0, by: 5.5, tau: 40 }],
  }),
  calm({
    space: "truck-7-front",
    name: "前舱",
    vehicle: ["truck-7", "苏E·7K392 冷藏半挂车"],
    profile: frozen,
    set: -21,
    spells: [{ from: 25, to: 0, by: 5, tau: 30 }],
  }),
  calm({
    space: "chill-11",
    name: "Cheese ageing cellar 11",
    site: sites[3],
    set: 2.6,
    swing: 0.2,
    spells: [{ from: 50, to: 0, by: -3.4, tau: 60 }],
  }),
  calm({
    space: "tunnel-truck",
    name: "后舱",
    vehicle: ["truck-2", "苏F·2M018"],
    silences: [[38, 0]],
  }),
  calm({
    space: "silent-2",
    name: "2号低温周转库",
    site: sites[4],
    profile: frozen,
    set: -23,
    silences: [
      [310, 0],
      [900, 840],
    ],
  }),
  calm({
    space: "silent-5",
    name: "Quarantine cage 5",
    site: sites[3],
    silences: [[1_600, 0]],
    alerts: [{ trouble: "silent", urgency: "high", since: 1_590 }],
  }),
  calm({
    space: "tunnel-2",
    name: "2号速冻隧道",
    site: sites[2],
    profile: frozen,
    set: -22,
    sensors: 1,
    spells: [{ from: 180, to: 0, by: 33, tau: 50 }],
    outOfService: { since: 185, reason: "空库，换热器检修" },
  }),
  calm({
    space: "dead-probe",
    name: "试剂冷柜 12",
    site: sites[1],
    profile: vaccine,
    set: 5,
    sensors: 1,
    deadProbe: true,
    alerts: [
      {
        trouble: "probe-fault",
        urgency: "low",
        since: 200,
        taken: { by: "li", ago: 35, note: "" },
      },
    ],
  }),
  calm({
    space: "new-room",
    name: "新建 8 号库（调试中）",
    site: sites[0],
    heard: false,
    sensors: 0,
  }),
  calm({ space: "no-profile", name: "办公楼样品冰箱", site: sites[0], profile: null, sensors: 1 }),
];

const trucks: readonly Room[] = Array.from({ length: 6 }, (_, i) =>
  calm({
    space: `truck-${i + 11}`,
    name: i % 2 === 0 ? "主舱" : "Main compartment",
    vehicle: [
      `truck-${i + 11}`,
      i % 2 === 0 ? `苏A·${i}8F21 厢式冷藏车` : `Reefer trailer NL-${i}4-KX`,
    ],
    profile: i % 3 === 0 ? chilled : frozen,
    set: i % 3 === 0 ? 4 : -21.5,
  }),
);

/** Sixty rooms and some trucks: one broken chain, three gaps, a dead probe, warming ones, long names. */
export const busyRooms: readonly Room[] = [
  ...incidents,
  ...trucks,
  ...Array.from({ length: 48 }, (_, i) => ordinary(i)),
];

export const calmRooms: readonly Room[] = Array.from({ length: 18 }, (_, i) => ({
  ...ordinary(i),
  spells: [],
  silences: [],
}));
