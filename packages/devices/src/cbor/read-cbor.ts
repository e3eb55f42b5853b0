import { EpochMs, formatIsoTime } from "@unbroken/units";
import { DEPTH_MAX, type Parsed } from "../json/strict-json.ts";
import type { RefusalCode } from "../refusal.ts";
import { CborOpaque } from "./cbor-value.ts";

// CBOR as RFC 8949 has it, read into the values that JSON.parse would give, so that a format is read the same way
// from both. What it refuses to do: believe a declared length, keep one of two equal keys, recurse without bound.

/** Names for integer keys; an integer without a name becomes `#17`, which no format knows. */
export type Labels = ReadonlyMap<number, string>;

/** Never throws. Bytes after the item are refused. */
export function readCbor(bytes: Uint8Array, labels: Labels): Parsed {
  const reader = new Reader(bytes, labels);
  try {
    const value = reader.item(0);
    if (reader.at < bytes.length) throw new Malformed("UB_PAYLOAD_NOT_JSON", "more bytes follow");
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const detail = `CBOR, at byte ${reader.at}: ${error.message}`;
    return { ok: false, refusal: { code: error.code, pointer: "", detail } };
  }
}

class Malformed extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

const MAJOR_BYTES = 2;
const MAJOR_TEXT = 3;
/** Additional information 31 (RFC 8949 §3.2): the length is not told, a break ends the item. */
const INDEFINITE = 31;
const BREAK = 0xff;
const TWO_32 = 0x1_0000_0000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #labels: Labels;
  at = 0;

  constructor(bytes: Uint8Array, labels: Labels) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#labels = labels;
  }

  item(depth: number): unknown {
    const first = this.#byte();
    const info = first & 0x1f;
    switch (first >> 5) {
      case 0:
        return this.#argument(info);
      case 1:
        return -1 - this.#argument(info);
      case MAJOR_BYTES:
        return this.#byteString(info);
      case MAJOR_TEXT:
        return this.#text(info);
      case 4:
        return this.#array(info, inner(depth));
      case 5:
        return this.#map(info, inner(depth));
      case 6:
        return this.#tag(this.#argument(info), inner(depth));
      default:
        return this.#simple(info);
    }
  }

  /** The number in an item's head (§3). Beyond 2⁵³ it is rounded; whoever takes it asks for safe integers. */
  #argument(info: number): number {
    if (info < 24) return info;
    const at = this.at;
    switch (info) {
      case 24:
        return this.#byte();
      case 25:
        this.#skip(2);
        return this.#view.getUint16(at);
      case 26:
        this.#skip(4);
        return this.#view.getUint32(at);
      case 27:
        this.#skip(8);
        return this.#view.getUint32(at) * TWO_32 + this.#view.getUint32(at + 4);
      default:
        throw malformed(`additional information ${info} is not allowed here`);
    }
  }

  #bytesOf(length: number): Uint8Array {
    const from = this.at;
    this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  #byteString(info: number): Uint8Array {
    if (info !== INDEFINITE) return this.#bytesOf(this.#argument(info));
    const chunks = this.#chunks(MAJOR_BYTES, (chunk) => this.#byteString(chunk));
    const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  #text(info: number): string {
    if (info === INDEFINITE) return this.#chunks(MAJOR_TEXT, (chunk) => this.#text(chunk)).join("");
    const bytes = this.#bytesOf(this.#argument(info));
    try {
      return shortAscii(bytes) ?? utf8.decode(bytes);
    } catch {
      throw new Malformed("UB_PAYLOAD_NOT_UTF8", "the text is not UTF-8");
    }
  }

  /** The pieces of a string of untold length (§3.2.3): each of the same kind and of told length. */
  #chunks<T>(major: number, read: (info: number) => T): readonly T[] {
    const chunks: T[] = [];
    while (!this.#isBreak()) {
      const first = this.#byte();
      const info = first & 0x1f;
      if (first >> 5 !== major || info === INDEFINITE) throw malformed("a string in a string");
      chunks.push(read(info));
    }
    return chunks;
  }

  #array(info: number, depth: number): readonly unknown[] {
    const items: unknown[] = [];
    const length = this.#lengthOf(info, 1);
    while (length === null ? !this.#isBreak() : items.length < length) items.push(this.item(depth));
    return items;
  }

  #map(info: number, depth: number): Readonly<Record<string, unknown>> {
    // Without a prototype, so that `__proto__` is a key like any other.
    const map = Object.create(null) as Record<string, unknown>;
    const length = this.#lengthOf(info, 2);
    for (let i = 0; length === null ? !this.#isBreak() : i < length; i++) {
      const key = this.#key(depth);
      if (key in map) throw new Malformed("UB_PAYLOAD_DUPLICATE_KEY", "a key stands twice");
      map[key] = this.item(depth);
    }
    return map;
  }

  #key(depth: number): string {
    const key = this.item(depth);
    if (typeof key === "string") return key;
    if (typeof key !== "number" || !Number.isSafeInteger(key))
      throw new Malformed("UB_PAYLOAD_SHAPE", "a key is neither text nor a whole number");
    return this.#labels.get(key) ?? `#${key}`;
  }

  /** How many items follow, or null if a break will tell; more than there are bytes for is refused at once. */
  #lengthOf(info: number, bytesEach: number): number | null {
    if (info === INDEFINITE) return null;
    const length = this.#argument(info);
    if (length * bytesEach > this.#bytes.length - this.at) throw cutShort();
    return length;
  }

  #tag(tag: number, depth: number): unknown {
    const value = this.item(depth);
    switch (tag) {
      case 0: // §3.4.1: RFC 3339 text
        return typeof value === "string" ? value : new CborOpaque("tag 0");
      case 1: // §3.4.2: seconds since 1970
        return typeof value === "number" ? momentText(value) : new CborOpaque("tag 1");
      case 2: // §3.4.3: bignum
        return value instanceof Uint8Array ? bignum(value) : new CborOpaque("tag 2");
      case 3:
        return value instanceof Uint8Array ? -1 - bignum(value) : new CborOpaque("tag 3");
      case 4: // §3.4.4: decimal fraction
        return decimalFraction(value);
      case 55_799: // §3.4.6: "this is CBOR"
        return value;
      default:
        return new CborOpaque(`tag ${tag}`);
    }
  }

  #simple(info: number): unknown {
    const at = this.at;
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 24: {
        const value = this.#byte();
        if (value < 32) throw malformed("a simple value in two bytes that needs one");
        return new CborOpaque(`simple value ${value}`);
      }
      case 25:
        this.#skip(2);
        return halfFloat(this.#view.getUint16(at));
      case 26:
        this.#skip(4);
        return this.#view.getFloat32(at);
      case 27:
        this.#skip(8);
        return this.#view.getFloat64(at);
      default:
        if (info > 27) throw malformed("a break or a reserved value where an item should be");
        return new CborOpaque(info === 23 ? "undefined" : `simple value ${info}`);
    }
  }

  #isBreak(): boolean {
    if (this.#bytes[this.at] !== BREAK) return false;
    this.at++;
    return true;
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw cutShort();
    this.at++;
    return byte;
  }

  #skip(length: number): void {
    if (length > this.#bytes.length - this.at) throw cutShort();
    this.at += length;
  }
}

/** For names of fields, where calling the decoder takes longer than decoding. @returns null if it is something else. */
function shortAscii(bytes: Uint8Array): string | null {
  if (bytes.length > 32) return null;
  let text = "";
  for (const byte of bytes) {
    if (byte > 0x7f) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

function malformed(why: string): Malformed {
  return new Malformed("UB_PAYLOAD_NOT_JSON", why);
}

function cutShort(): Malformed {
  return malformed("it is cut short");
}

/** One level further in. */
function inner(depth: number): number {
  if (depth >= DEPTH_MAX)
    throw new Malformed("UB_PAYLOAD_TOO_DEEP", `nested deeper than ${DEPTH_MAX}`);
  return depth + 1;
}

/** A moment as text, which every format takes for a time and none for a number. */
function momentText(seconds: number): unknown {
  const ms = Math.round(seconds * 1000);
  const isWritable = ms >= -62_167_219_200_000 && ms <= 253_402_300_799_999;
  return isWritable ? formatIsoTime(EpochMs(ms)) : new CborOpaque("tag 1");
}

function bignum(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

/** `[exponent, mantissa]`, as the double that is nearest to it; RFC 8428 §6 lets SenML use it. */
function decimalFraction(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 2) return new CborOpaque("tag 4");
  const [exponent, mantissa] = value as readonly unknown[];
  return Number.isSafeInteger(exponent) && Number.isSafeInteger(mantissa)
    ? Number(`${String(mantissa)}e${String(exponent)}`)
    : new CborOpaque("tag 4");
}

/** IEEE 754 binary16, as RFC 8949 Appendix D reads it. */
function halfFloat(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}
