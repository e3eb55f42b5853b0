/** How many made-up cases a law is tried with. The long lane asks for 10,000 and more (UB_CASES). */
export function casesOf(short: number): number {
  return Number(process.env["UB_CASES"] ?? short);
}

/** UB_SEED repeats a run; fast-check prints the one it failed with. */
export const SEED = Number(process.env["UB_SEED"] ?? "20261124");

export const settings = (short: number): { readonly numRuns: number; readonly seed: number } => ({
  numRuns: casesOf(short),
  seed: SEED,
});
