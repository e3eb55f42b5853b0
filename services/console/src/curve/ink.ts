/** The theme's colours as a canvas needs them. */
export interface Ink {
  readonly panel: string;
  readonly text: string;
  readonly text2: string;
  readonly line: string;
  readonly band: string;
  readonly edge: string;
  readonly edgeText: string;
  readonly off: string;
  readonly door: string;
  readonly defrost: string;
  readonly hatch: string;
  readonly unproven: string;
  readonly broken: string;
  readonly below: string;
  readonly past: string;
  readonly pastBelow: string;
  readonly series: readonly string[];
  readonly font: string;
}

/** Reads the tokens of the theme that is set now. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    panel: token("--panel"),
    text: token("--ink"),
    text2: token("--ink-2"),
    line: token("--line"),
    band: token("--cold-tint"),
    edge: token("--cold"),
    edgeText: token("--cold"),
    off: token("--sunken"),
    door: token("--warming"),
    defrost: token("--series-2"),
    hatch: token("--hatch"),
    unproven: token("--unproven"),
    broken: token("--broken"),
    below: token("--below"),
    past: token("--past"),
    pastBelow: token("--past-below"),
    series: [1, 2, 3, 4, 5].map((n) => token(`--series-${n}`)),
    font: token("--font"),
  };
}

/** A dash of its own for each sensor beyond the first, so that curves are not told apart by colour alone. */
export const dashes: readonly (readonly number[])[] = [[], [8, 3], [3, 3], [10, 3, 2, 3], [1, 3]];
