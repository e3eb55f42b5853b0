/**
 * The first whole moment of `from` ≤ t < `to` at which `holds` is true, for something that turns true once and stays
 * so; null if it does not. By halving, so it is a function of the arguments alone.
 */
export function firstMoment(
  from: number,
  to: number,
  holds: (ms: number) => boolean,
): number | null {
  if (from >= to || !holds(to - 1)) return null;
  if (holds(from)) return from;
  let low = from + 1;
  let high = to - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
