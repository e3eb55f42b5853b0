/** What generated histories may hold. */
export const features = [
  "sides", // every comparison, not gt alone
  "modes", // instant and cumulative beside consecutive
  "debounce",
  "hysteresis",
  "clear",
  "severity", // rules that do not decide, and warnings before the break
  "humidity",
  "door",
  "power",
  "link",
  "band", // an accuracy
  "descriptions", // accuracies and calibrations of single probes, that change
  "doubts", // clocks in doubt
  "missing", // missing numbers
  "sentinels",
  "step",
  "stuck",
  "phases",
  "exposure",
  "allowances",
  "schedule",
  "validity",
  "service",
  "physics",
  "rise",
  "window",
] as const;
/** Of which the two judges are not of one mind yet: not compared. */
export const open: readonly Feature[] = ["stuck"];
export type Feature = (typeof features)[number];
