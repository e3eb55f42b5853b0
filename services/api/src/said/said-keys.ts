import type { Excursion } from "@unbroken/model";

// The rows of the index of what was said. Numbers are padded, so that the order of keys is the order of things.

/** Of an output among all that the processor wrote. */
export interface Place {
  readonly sequence: number;
  readonly index: number;
}

const digits = (n: number, length: number): string => String(n).padStart(length, "0");
const placeText = ({ sequence, index }: Place): string =>
  `${digits(sequence, 16)}.${digits(index, 6)}`;

export const CURSOR_KEY = "cursor";

export function excursionsPrefix(organisation: string, space: string): string {
  return `excursion/${organisation}/${space}/`;
}

type Named = Pick<Excursion, "space" | "since" | "rule" | "side">;

export function excursionPrefix(organisation: string, named: Named): string {
  const { space, since, rule, side } = named;
  return `${excursionsPrefix(organisation, space)}${digits(since, 16)}/${rule}/${side}/`;
}

export function excursionKey(organisation: string, named: Named, place: Place): string {
  return excursionPrefix(organisation, named) + placeText(place);
}

export function timelinePrefix(organisation: string, space: string): string {
  return `timeline/${organisation}/${space}/`;
}

export function timelineKey(organisation: string, space: string, place: Place): string {
  return timelinePrefix(organisation, space) + placeText(place);
}

export function lineageKey(organisation: string, id: string): string {
  return `lineage/${organisation}/${id}`;
}

/** `space|rule|side|since`; null for what is no excursion's id. */
export function namedBy(id: string): Named | null {
  const found = /^([^|/]+)\|([a-z0-9_.-]+)\|(high|low)\|(-?\d{1,16})$/.exec(id);
  if (found === null) return null;
  const [, space = "", rule = "", side, since] = found;
  return { space, rule, side: side === "low" ? "low" : "high", since: Number(since) };
}
