import type { Disagreement } from "./compare.ts";
import type { History } from "./history.ts";

/** A history as a person reads it: the profile, a column a minute with what was said then, and what each judge says. */
export function asTable(history: History, differ: readonly Disagreement[]): string {
  const { profile, rows, facts, from, to } = history;
  const { rules, ...rest } = profile;
  const minutes = [...new Set(rows.map(({ minute }) => minute))].sort((a, b) => a - b);
  const sensors = [...new Set(rows.map(({ sensor, quantity }) => `${sensor} ${quantity}`))].sort();
  const line = (head: string, cells: readonly string[]): string =>
    `${head.padEnd(24)} | ${cells.map((cell) => cell.padStart(8)).join(" ")}`;
  return [
    `profile ${JSON.stringify(rest)}`,
    ...rules.map((rule) => `rule    ${JSON.stringify(rule)}`),
    `facts   ${JSON.stringify(facts)}`,
    `judged  from ${from ?? "the first row"} to ${to ?? "the last row"}`,
    line("minute", minutes.map(String)),
    ...sensors.map((name) =>
      line(
        name,
        minutes.map((minute) =>
          rows
            .filter((row) => `${row.sensor} ${row.quantity}` === name && row.minute === minute)
            .map(({ value, sequence, doubtfulClock }) => {
              const number = sequence === undefined ? "" : `#${sequence.boot}.${sequence.number}`;
              return `${value === null ? "fault" : value / 1_000}${number}${doubtfulClock === true ? "?" : ""}`;
            })
            .join("/"),
        ),
      ),
    ),
    ...differ.map(
      ({ where, naive, engine }) => `${where.padEnd(24)} | naive ${naive} · engine ${engine}`,
    ),
  ].join("\n");
}
