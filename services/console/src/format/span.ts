/** A length of time in the two largest units that matter to a person. */
export interface Span {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Rounded down, so that time spent and age are never overstated; negative counts as zero. */
export function spanOf(ms: number): Span {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return {
    days: Math.floor(whole / 86_400),
    hours: Math.floor(whole / 3_600) % 24,
    minutes: Math.floor(whole / 60) % 60,
    seconds: whole % 60,
  };
}

export interface SpanWords {
  readonly day: (n: number) => string;
  readonly hour: (n: number) => string;
  readonly minute: (n: number) => string;
  readonly second: (n: number) => string;
}

/** `2 d 4 h`, `1 h 24 min`, `12 min`, `40 s`: at most two units, the second only if it is not zero. */
export function spanText(ms: number, words: SpanWords): string {
  const { days, hours, minutes, seconds } = spanOf(ms);
  if (days > 0) return join(words.day(days), hours, words.hour);
  if (hours > 0) return join(words.hour(hours), minutes, words.minute);
  return minutes > 0 ? words.minute(minutes) : words.second(seconds);
}

/** Minutes as the judge counts them: none at all are `0 min`, not seconds. */
export function minutesText(minutes: number, words: SpanWords): string {
  return minutes === 0 ? words.minute(0) : spanText(minutes * MINUTE, words);
}

/** One unit only, for tight places. */
export function shortSpanText(ms: number, words: SpanWords): string {
  const { days, hours, minutes, seconds } = spanOf(ms);
  if (days > 0) return words.day(days);
  if (hours > 0) return words.hour(hours);
  return minutes > 0 ? words.minute(minutes) : words.second(seconds);
}

function join(first: string, rest: number, word: (n: number) => string): string {
  return rest > 0 ? `${first} ${word(rest)}` : first;
}
