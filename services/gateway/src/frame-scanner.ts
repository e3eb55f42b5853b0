/**
 * Walks over the MQTT packets of a byte stream by their fixed headers (MQTT 3.1.1 §2.2) in constant memory, and
 * judges each packet by what it announces, before a byte of its body is kept.
 */
export interface FrameRules {
  /** The largest packet of this kind, fixed header included, in bytes. `firstByte` is that of the fixed header. */
  bytesMax(firstByte: number): number;
  /** Whether a packet with this first byte may go on now; if not, the stream is cut before it. */
  admits(firstByte: number): boolean;
}

/** The packet that is announced is larger than it may be. */
export const TOO_LARGE = -1;
/** The remaining length takes more than four bytes (MQTT 3.1.1 §2.2.3). */
export const MALFORMED = -2;

const HEADER_NEXT = -1;
const LENGTH_BYTES_MAX = 4;

export class FrameScanner {
  readonly #rules: FrameRules;
  #firstByte = 0;
  /** Bytes of the remaining length read so far; HEADER_NEXT between packets and inside a body. */
  #lengthBytes = HEADER_NEXT;
  #announced = 0;
  #bodyLeft = 0;

  constructor(rules: FrameRules) {
    this.#rules = rules;
  }

  /**
   * Looks at the next bytes of the stream.
   * @returns how many of them may be handed on; fewer than all if a packet has to wait, and then the rest must be
   *          scanned again later. TOO_LARGE or MALFORMED if the connection has to end.
   */
  scan(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= step;
        at += step;
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (this.#lengthBytes === HEADER_NEXT) {
        if (!this.#rules.admits(byte)) return at;
        this.#firstByte = byte;
        this.#lengthBytes = 0;
        this.#announced = 0;
      } else {
        const verdict = this.#lengthByte(byte);
        if (verdict < 0) return verdict;
      }
      at += 1;
    }
    return at;
  }

  #lengthByte(byte: number): number {
    this.#announced += (byte & 0x7f) << (7 * this.#lengthBytes);
    this.#lengthBytes += 1;
    if ((byte & 0x80) !== 0) return this.#lengthBytes === LENGTH_BYTES_MAX ? MALFORMED : 0;
    if (1 + this.#lengthBytes + this.#announced > this.#rules.bytesMax(this.#firstByte))
      return TOO_LARGE;
    this.#bodyLeft = this.#announced;
    this.#lengthBytes = HEADER_NEXT;
    return 0;
  }
}
