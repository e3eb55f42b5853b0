import type { Words } from "../words.ts";

export const english: Words = {
  trouble: {
    warm: "too warm",
    cold: "too cold",
    humid: "too humid",
    dry: "too dry",
    "life-used": "shelf life used up",
    door: "door open too long",
    power: "no power",
    silent: "no readings, nobody knows",
    "probe-fault": "probe faulty",
  },
  kind: {
    opened: "",
    raised: "now urgent: ",
    repeated: "still, and nobody has acknowledged: ",
    over: "over: ",
    unproven: "not known any more: ",
    retracted: "taken back, later data show it was not so: ",
    passed: "was, and is over: ",
  },
  urgency: { high: "URGENT", low: "notice" },
  headline: ({ urgency, place, kind, trouble, since, figure }) =>
    `[${urgency}] ${place}: ${kind}${trouble}, since ${since}${figure === null ? "" : `, ${figure}`}`,
  figure: (side, peak, limit) => `${side === "high" ? "max" : "min"} ${peak} (limit ${limit})`,
  within: (space, parent) => (parent === null ? space : `${space}, ${parent}`),
  labels: {
    place: "Place",
    what: "What",
    since: "Since",
    until: "Until",
    peak: "Worst",
    limit: "Limit",
    sensors: "Sensors",
    rules: "Rules",
    repeat: "Told again",
  },
  acknowledge: "I have it in hand",
  open: "Open the board",
  footer: (organisation, alert) => `Unbroken · ${organisation} · alert ${alert}`,
  locale: "en-GB",
};
