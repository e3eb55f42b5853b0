import type { IntervalReading } from "@unbroken/detection";
import { UnbrokenError } from "@unbroken/errors";
import { isPossible, type Sample } from "@unbroken/model";
import { milliOf } from "@unbroken/units";
import { csvRecords } from "./csv.ts";
import type { ReadTime } from "./local-time.ts";

/** The sensor of rows that name none. */
const ONLY_SENSOR = "main";

/**
 * Rows of a file, all or none: a verdict on half the evidence would lie.
 * @throws UB_READINGS_INVALID, UB_TIME_WITHOUT_OFFSET, UB_TIME_INVALID with the number of the line.
 */
export function readRows(
  text: string,
  form: "csv" | "ndjson",
  readTime: ReadTime,
): readonly IntervalReading[] {
  const body = text.replace(/^\uFEFF/, "");
  return form === "csv" ? csvRows(body, readTime) : ndjsonRows(body, readTime);
}

/** NDJSON begins with an object, CSV with its header. */
export function formOf(fileName: string | null, text: string): "csv" | "ndjson" {
  if (fileName !== null && /\.csv$/i.test(fileName)) return "csv";
  if (fileName !== null && /\.(nd)?jsonl?$/i.test(fileName)) return "ndjson";
  return /^\uFEFF?\s*(\{|$)/.test(text) ? "ndjson" : "csv";
}

interface Columns {
  readonly measuredAt: number;
  readonly temperature: number;
  readonly sensor: number | null;
}

function csvRows(text: string, readTime: ReadTime): readonly IntervalReading[] {
  const rows: IntervalReading[] = [];
  let columns: Columns | null = null;
  for (const { line, fields } of csvRecords(text)) {
    if (columns === null) {
      columns = columnsOf(line, fields);
      continue;
    }
    const { measuredAt, temperature, sensor } = columns;
    rows.push(
      rowOf(line, readTime, {
        measuredAt: fields[measuredAt]?.trim(),
        // A row that ends early is damaged; an empty field is a probe that gave no value.
        temperature: numberOf(fields[temperature]?.trim()),
        sensor: sensor === null ? undefined : fields[sensor]?.trim(),
      }),
    );
  }
  return rows;
}

function columnsOf(line: number, header: readonly string[]): Columns {
  const names = header.map((name) => name.trim().toLowerCase());
  const indexOf = (name: string): number => {
    const index = names.indexOf(name);
    if (index === -1) throw invalid(line, `the header names no column ${name}`);
    return index;
  };
  return {
    measuredAt: indexOf("measured_at"),
    temperature: indexOf("temperature_c"),
    sensor: names.includes("sensor") ? indexOf("sensor") : null,
  };
}

function numberOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (text === "") return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

function ndjsonRows(text: string, readTime: ReadTime): readonly IntervalReading[] {
  return text.split("\n").flatMap((source, index) => {
    if (source.trim() === "") return [];
    const line = index + 1;
    const members = objectOf(line, source);
    return [
      rowOf(line, readTime, {
        measuredAt: members["measured_at"],
        temperature: members["temperature_c"] === "" ? null : members["temperature_c"],
        sensor: members["sensor"] ?? undefined,
      }),
    ];
  });
}

function objectOf(line: number, source: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw invalid(line, "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(line, "not a JSON object");
  return value as Readonly<Record<string, unknown>>;
}

interface Row {
  readonly measuredAt: unknown;
  /** A number, or null for a fault. */
  readonly temperature: unknown;
  readonly sensor: unknown;
}

function rowOf(line: number, readTime: ReadTime, row: Row): IntervalReading {
  const { measuredAt, sensor = "" } = row;
  if (typeof measuredAt !== "string" || measuredAt === "")
    throw invalid(line, "measured_at: a time, as text");
  if (typeof sensor !== "string") throw invalid(line, "sensor: text");
  return {
    sensor: sensor === "" ? ONLY_SENSOR : sensor,
    at: withLine(line, () => readTime(measuredAt)),
    sample: sampleOf(line, row.temperature),
  };
}

function sampleOf(line: number, value: unknown): Sample {
  if (value === null) return { kind: "fault", fault: "absent" };
  const milli = typeof value === "number" ? milliOf(value) : null;
  if (milli === null || !isPossible("temperature", milli))
    throw invalid(line, "temperature_c: a number of °C, or empty where the probe gave none");
  return { kind: "value", milli };
}

function withLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnbrokenError)) throw error;
    throw new UnbrokenError(error.code, `line ${line}: ${error.message}`, { line });
  }
}

function invalid(line: number, message: string): UnbrokenError {
  return new UnbrokenError("UB_READINGS_INVALID", `line ${line}: ${message}`, { line });
}
