/**
 * Variable-length whole numbers (LEB128): seven bits a byte, least significant first. Up to 2⁵³, so beyond what
 * bit operators reach; signed ones are zigzag-coded, so that small magnitudes of either sign are short.
 */
export class ByteWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** `value`: whole, 0 … 2⁵³. */
  unsigned(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x8000_0000) {
      this.bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** `value`: whole, -2⁵² … 2⁵². */
  signed(value: number): void {
    this.unsigned(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** A copy of what was written; the writer starts anew. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(this.bytes.length * 2);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

export class ByteReader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** @throws RangeError past the end. */
  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError("the stored bytes end too early");
    return value;
  }

  unsigned(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value &= 0x7f;
    let scale = 128;
    for (;;) {
      const next = this.byte();
      if (next < 0x80) return value + next * scale;
      value += (next & 0x7f) * scale;
      scale *= 128;
    }
  }

  signed(): number {
    const coded = this.unsigned();
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
  }
}
