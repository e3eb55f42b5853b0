/** A sum of products of whole numbers, exact however large it grows, and fast while it is small. */
export class ExactSum {
  #small = 0;
  #large = 0n;

  addProduct(a: number, b: number): void {
    const product = a * b;
    const sum = this.#small + product;
    // A result within ±(2⁵³ − 1) was not rounded, for every whole number up to there is a double.
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum)) {
      this.#small = sum;
      return;
    }
    this.#large += BigInt(a) * BigInt(b);
  }

  get total(): bigint {
    return this.#large + BigInt(this.#small);
  }
}
