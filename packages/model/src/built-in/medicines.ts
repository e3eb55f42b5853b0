import { instant, roomProbes, type StatedProfile } from "./stated-profile.ts";

const gsp = {
  source:
    "药品GSP 附录3 温湿度自动监测: instant, records every 2 min while out, a message to 3 people",
  edition: "2013, Annex 3",
  confidence: "template",
  cadence: "PT5M",
  faults: roomProbes,
} as const;

const usp = {
  edition: "USP official 2025-08-01",
  effective_from: "2025-08-01T00:00:00-04:00",
  confidence: "template",
  faults: roomProbes,
} as const;

export const medicines: readonly StatedProfile[] = [
  {
    ...gsp,
    id: "drug.cn.cold",
    title: "Cold medicines, 2 to 8 °C",
    title_zh: "冷藏药品 2–8 °C",
    rules: [
      { id: "high", cmp: "gt", limit: 8, ...instant, clause: "药品GSP 附录3, 2–8 °C" },
      { id: "low", cmp: "lt", limit: 2, ...instant, clause: "药品GSP 附录3, 2–8 °C" },
    ],
  },
  {
    ...gsp,
    id: "drug.cn.cool",
    title: "Medicines, cool, up to 20 °C",
    title_zh: "阴凉药品 ≤ 20 °C",
    rules: [{ id: "high", cmp: "gt", limit: 20, ...instant, clause: "药品GSP, cool: ≤ 20 °C" }],
  },
  {
    ...gsp,
    id: "drug.cn.ambient",
    title: "Medicines, ambient, 10 to 30 °C",
    title_zh: "常温药品 10–30 °C",
    rules: [
      { id: "high", cmp: "gt", limit: 30, ...instant, clause: "药品GSP, ambient: 10–30 °C" },
      { id: "low", cmp: "lt", limit: 10, ...instant, clause: "药品GSP, ambient: 10–30 °C" },
    ],
  },
  {
    ...usp,
    id: "drug.us.cct",
    title: "Controlled cold temperature, 2 to 8 °C, MKT ≤ 8 °C",
    title_zh: "受控冷藏 2–8 °C，MKT ≤ 8 °C",
    source: "USP <1079.2> (window), USP <659> (limits)",
    cadence: "PT5M",
    rules: [
      {
        id: "mkt",
        quantity: "mkt",
        cmp: "gt",
        limit: 8,
        mode: "window",
        scope: "PT24H",
        activation_kj: 83.144,
        clause: "USP <1079.2>, MKT over 24 consecutive hours",
      },
      {
        id: "high",
        cmp: "gt",
        limit: 15,
        ...instant,
        warn: { limit: 8 },
        clause: "USP <659>, excursions 0–15 °C",
      },
      {
        id: "low",
        cmp: "lt",
        limit: 0,
        ...instant,
        warn: { limit: 2 },
        clause: "USP <659>, excursions 0–15 °C",
      },
    ],
  },
  {
    ...usp,
    id: "drug.us.crt",
    title: "Controlled room temperature, 20 to 25 °C, MKT ≤ 25 °C",
    title_zh: "受控室温 20–25 °C，MKT ≤ 25 °C",
    source: "USP <1079.2> (window), USP <659> (limits)",
    cadence: "PT15M",
    rules: [
      {
        id: "mkt",
        quantity: "mkt",
        cmp: "gt",
        limit: 25,
        mode: "window",
        scope: "P30D",
        activation_kj: 83.144,
        clause: "USP <1079.2>, MKT over 30 consecutive days",
      },
      {
        id: "spike",
        cmp: "gt",
        limit: 40,
        ...instant,
        clause: "USP <659>, spikes up to 40 °C",
      },
      {
        id: "high",
        cmp: "gt",
        limit: 30,
        mode: "consecutive",
        hold: "PT24H",
        warn: { limit: 25 },
        clause: "USP <659>, excursions 15–30 °C; spikes for 24 h at the most",
      },
      {
        id: "low",
        cmp: "lt",
        limit: 15,
        ...instant,
        warn: { limit: 20 },
        clause: "USP <659>, excursions 15–30 °C",
      },
    ],
  },
];
