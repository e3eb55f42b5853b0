/** A stretch of time whose length is a power of two ms and that begins at a multiple of its length. */
export interface Dyadic {
  readonly middle: number;
  /** Half its length: it is `[middle − half, middle + half)`. */
  readonly half: number;
}

/** 2⁵⁴ ms: together with its middle at 1970 it is all of time that ECMA-262 §21.4.1.1 can name. */
const ALL_OF_TIME = 2 ** 54;

/** The shortest dyadic stretch that holds two moments, `first` before `last`: its middle tells them apart. */
export function dyadicAround(first: number, last: number): Dyadic {
  let length = 2;
  while (length < ALL_OF_TIME && Math.floor(first / length) !== Math.floor(last / length))
    length *= 2;
  const half = length / 2;
  return { middle: Math.floor(last / half) * half, half };
}

export function isInDyadic({ middle, half }: Dyadic, moment: number): boolean {
  return moment >= middle - half && moment < middle + half;
}
