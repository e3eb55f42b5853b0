import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DAY } from "@unbroken/units";

// Recordings of real devices. They stand beside the repository and not in it, for their licences differ.

const FOLDER =
  process.env["UNBROKEN_FIXTURES"] ??
  fileURLToPath(new URL("../../../shared/fixtures", import.meta.url));

export const haveRecordings = existsSync(join(FOLDER, "data"));

export interface Row {
  /** Epoch ms. */
  readonly at: number;
  readonly celsius: number;
}

function textOf(path: string): string {
  return readFileSync(join(FOLDER, "data", path), "utf8");
}

/** The first two columns: a time and a temperature. */
function rowsOf(
  path: string,
  timeOf: (text: string) => number,
): readonly (readonly [number, number])[] {
  return textOf(path)
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [time = "", value = ""] = line.split(",");
      return [timeOf(time), Number(value)];
    });
}

const inUtc = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`);

/** Berlinger Q-tag CLm doc LR, one value each ten minutes; its clock was set to UTC ("Zone: 0.00"). */
export function qTagRows(): readonly Row[] {
  const path = "berlinger/derived/RCPJ00010_03_202304201359.csv";
  return rowsOf(path, inUtc).map(([at, celsius]) => ({ at, celsius }));
}

export interface QTagAlarm {
  readonly type: number;
  readonly limit_c?: number;
  readonly minutes?: number;
}

export interface QTagExcursion {
  readonly first_out_of_limit: string;
  readonly minutes_out: number;
  readonly alarm_raised_at: string;
  /** Of a single event; a sum does not end. */
  readonly ended_at?: string | null;
}

/** What the Q-tag was set to, and what it said itself. */
export interface QTagLabels {
  readonly alarm_config: Readonly<Record<string, QTagAlarm>>;
  readonly result: {
    readonly "Min T": { readonly c: number; readonly at: string };
    readonly "Max T": { readonly c: number; readonly at: string };
    readonly MKT: string;
    readonly "Avrg T": string;
    readonly alarms: Readonly<Record<string, readonly QTagExcursion[]>>;
  };
}

export function qTagLabels(): QTagLabels {
  const path = "berlinger/derived/RCPJ00010_03_202304201359.labels.json";
  return JSON.parse(textOf(path)) as QTagLabels;
}

export interface FridgeTagDay {
  readonly date: string;
  readonly min_c: number;
  readonly min_at: string;
  readonly max_c: number;
  readonly max_at: string;
  /** "0" is cold, "1" is hot. */
  readonly alarms: Readonly<
    Record<string, { readonly minutes_accumulated: number; readonly alarm_raised_at?: string }>
  >;
}

/** What a Fridge-tag 2 was set to, and its daily history: it keeps no samples. */
export interface FridgeTagLabels {
  readonly alarm_config: Readonly<
    Record<string, { readonly limit_c: number; readonly minutes: number }>
  >;
  readonly days: readonly FridgeTagDay[];
}

export function fridgeTag(name: string): FridgeTagLabels {
  return JSON.parse(textOf(`berlinger/derived/${name}.labels.json`)) as FridgeTagLabels;
}

/** The two values of each day of which the tag kept the time, by time. */
export function extremesOf({ days }: FridgeTagLabels): readonly Row[] {
  return days
    .flatMap(({ date, min_c, min_at, max_c, max_at }) => [
      { at: inUtc(`${date}T${min_at}:00`), celsius: min_c },
      { at: inUtc(`${date}T${max_at}:00`), celsius: max_c },
    ])
    .sort((a, b) => a.at - b.at);
}

/** A RuuviTag in a household fridge, heard over Bluetooth now and then: 24 hours with silences of up to 2 h 20 min. */
export function householdFridgeRows(): readonly Row[] {
  const offset = (text: string): number => Date.parse(text.replace(/(\d\d)(\d\d)$/, "$1:$2"));
  return rowsOf("ruuvitag-home/fridge.csv", offset).map(([at, celsius]) => ({ at, celsius }));
}

/**
 * Numenta Anomaly Benchmark: 7,267 hours of an office, in °F; its times name no zone. Moved by ten years, for what was
 * measured before 2015 is refused as by a clock that was never set.
 */
export function officeRows(): readonly Row[] {
  return rowsOf("nab/ambient_temperature_system_failure.csv", inUtc).map(([at, fahrenheit]) => ({
    at: at + 3_652 * DAY,
    celsius: Math.round(((fahrenheit - 32) / 1.8) * 1_000) / 1_000,
  }));
}
