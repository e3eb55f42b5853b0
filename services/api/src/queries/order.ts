export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of comparisons in order of weight the first that tells a difference. */
export function firstDifference(...comparisons: readonly number[]): number {
  return comparisons.find((difference) => difference !== 0) ?? 0;
}
