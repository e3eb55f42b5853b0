/** Latencies in ms with 1 % resolution, in constant memory. */
export class Histogram {
  readonly #counts = new Uint32Array(2_048);
  #count = 0;
  #max = 0;

  record(ms: number): void {
    const value = Math.max(ms, 0.01);
    const bucket = Math.min(
      this.#counts.length - 1,
      Math.floor(Math.log(value / 0.01) / Math.log(1.01)),
    );
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    if (ms > this.#max) this.#max = ms;
  }

  /** The value that `p` per cent do not exceed; NaN with none. */
  percentile(p: number): number {
    if (this.#count === 0) return Number.NaN;
    if (p >= 100) return this.#max;
    const wanted = (this.#count * p) / 100;
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return 0.01 * 1.01 ** (bucket + 1);
    }
    return this.#max;
  }

  get count(): number {
    return this.#count;
  }

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#max = 0;
  }
}
