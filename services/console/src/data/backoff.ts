const FIRST_MS = 500;
const MOST_MS = 15_000;

/**
 * How long to wait before the n-th try (0 the first): doubling up to 15 s, with full jitter in the upper half, so that
 * a hundred screens do not return in the same second.
 * @param random in [0, 1)
 */
export function waitBefore(attempt: number, random: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(most / 2 + (most / 2) * random);
}
