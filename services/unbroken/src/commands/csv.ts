import { UnbrokenError } from "@unbroken/errors";

/** One record of a CSV file and the line on which it begins, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

// A field, quoted or not, and what ends it (RFC 4180 §2).
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;

/**
 * Records of comma-separated text as RFC 4180 has it: quoted fields may hold commas, quotes written twice and line
 * ends; lines end in CRLF or LF. Empty lines are skipped.
 * @throws UB_READINGS_INVALID with the line of a stray quote.
 */
export function* csvRecords(text: string): Generator<CsvRecord> {
  let line = 1;
  let begin = 1;
  let fields: string[] = [];
  FIELD.lastIndex = 0;
  for (let at = 0; at < text.length;) {
    FIELD.lastIndex = at;
    const match = FIELD.exec(text);
    if (match === null)
      throw new UnbrokenError("UB_READINGS_INVALID", `line ${line}: a quote that is not closed`);
    const [whole, quoted, plain = "", end = ""] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split("\n").length - 1;
    at += whole.length;
    if (end === "," && at < text.length) continue;
    if (end === ",") fields.push("");
    if (fields.length > 1 || fields[0]?.trim() !== "") yield { line: begin, fields };
    fields = [];
    begin = line;
  }
}
