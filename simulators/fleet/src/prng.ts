/**
 * The only randomness of the simulator: xoshiro128** 1.1 (Blackman and Vigna, prng.di.unimi.it/xoshiro128starstar.c),
 * seeded by SplitMix64 (Vigna, prng.di.unimi.it/splitmix64.c). Whole 32-bit arithmetic, so a seed gives the same
 * series on every machine. Not for secrets.
 */
export class Prng {
  private readonly s: Uint32Array;

  private constructor(state: Uint32Array) {
    this.s = state;
  }

  /** @throws RangeError if all words are 0: the generator would stay there. */
  static ofState(words: readonly [number, number, number, number]): Prng {
    if (words.every((word) => word === 0)) throw new RangeError("the state may not be all zero");
    return new Prng(Uint32Array.from(words));
  }

  /**
   * A stream of its own for each name, so that adding a device changes nothing for the others.
   * @param seed a whole number; @param name what draws from it, `probe:kmg-cold-1`.
   */
  static ofStream(seed: number, name: string): Prng {
    const next = splitMix64(BigInt.asUintN(64, BigInt(seed) ^ fnv1a64(name)));
    const words = [next(), next()].flatMap((word) => [
      Number(word & 0xffff_ffffn),
      Number(word >> 32n),
    ]);
    return Prng.ofState(words as [number, number, number, number]);
  }

  /** The next whole number from 0 to 2³² − 1. */
  word(): number {
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = this.s;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const c = s2 ^ s0;
    const d = s3 ^ s1;
    this.s[1] = s1 ^ c;
    this.s[0] = s0 ^ d;
    this.s[2] = c ^ (s1 << 9);
    this.s[3] = rotateLeft(d, 11);
    return result;
  }

  /** Uniform in [0, 1), in steps of 2⁻³². */
  unit(): number {
    return this.word() / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  /** True once in 1/p draws. */
  chance(p: number): boolean {
    return this.unit() < p;
  }

  /**
   * Close to the normal distribution with mean 0 and standard deviation 1, never beyond ±6: twelve uniforms less six
   * (Irwin–Hall). No logarithm and no square root, which engines may round differently.
   */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i += 1) sum += this.unit();
    return sum;
  }
}

function rotateLeft(x: number, k: number): number {
  return ((x << k) | (x >>> (32 - k))) >>> 0;
}

/** The next 64-bit words of SplitMix64 from `seed` on. */
export function splitMix64(seed: bigint): () => bigint {
  let state = seed;
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}

/** FNV-1a, 64 bits (RFC 9923 §5), over the UTF-8 bytes of the name. */
export function fnv1a64(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
