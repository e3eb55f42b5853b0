import {
  ProfileDocument,
  parseProfile,
  profileOf,
  type Profile,
  type RuleDocument,
} from "@unbroken/model";
import { EpochMs, milliOf } from "@unbroken/units";
import type { Heard } from "./driven-space.ts";

/** The first column of a table: 2026-01-01T00:00:00Z. */
export const START = 1_767_225_600_000;
export const MINUTE = 60_000;

export function minute(column: number): EpochMs {
  return EpochMs(START + column * MINUTE);
}

/**
 * The readings of one row, a column a minute: a number is a temperature in °C, `f` a fault, `.` no reading, and
 * `8/12` two values for one instant.
 */
export function readingsOf(sensor: string, row: string): Heard[] {
  return columnsOf(row).flatMap((cell, column) =>
    cell === "." || cell === "w"
      ? []
      : cell.split("/").map((text) => ({ sensor, at: minute(column), sample: sampleOf(text) })),
  );
}

export function columnsOf(row: string): string[] {
  return row.trim().split(/\s+/);
}

function sampleOf(text: string): Heard["sample"] {
  if (text === "f") return { kind: "fault", fault: "absent" };
  const milli = milliOf(Number(text));
  if (milli === null) throw new Error(`not a cell: ${text}`);
  return { kind: "value", milli };
}

type Rows = readonly Partial<RuleDocument>[];

/** A profile with a cadence of a minute; rules as stated. */
export function profileWith(rules: Rows, gap = "PT3M", id = "p"): Profile {
  return profileOf(ProfileDocument.parse({ id, cadence: "PT1M", gap, rules }), id);
}

/** The same with rules on the interval as a whole. */
export function intervalProfileWith(rules: readonly object[]): Profile {
  const parsed = parseProfile({ id: "p", cadence: "PT1M", gap: "PT3M", rules }, "p");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.profile;
}
