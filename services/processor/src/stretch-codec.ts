import { FaultKind, type Sample, type Sequence } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";
import type { KeptSample } from "./kept-sample.ts";

const FAULTS = FaultKind.options;

/**
 * The first byte of a row. Rows of before it had one begin with the time of their first sample, whose lowest seven bits
 * are followed by more: above 127, which no version is.
 */
const VERSION = 2;

/** What a sample is beside its time and value; said only where it is not as with the one before. */
const IS_FAULT = 1;
const IS_DOUBTFUL = 2;
const IS_NUMBERED = 4;
/** Its number is not the next after the last one of the same boot: both are written out. */
const IS_NUMBER_WRITTEN = 8;
/** By the device's clock: by how much later it was received follows, as a change of the last such. */
const IS_BY_DEVICE = 16;

/**
 * A run of samples in few bytes: for each the time since the one before, doubled, plus one if what it is is said anew;
 * that; the change of the value since the last value, or the fault's number; boot and number where they are not the
 * next; the change of how late it came. Varints (LEB128), changes in zigzag.
 */
export function encodeStretch(samples: readonly KeptSample[]): Uint8Array {
  const writer = new VarintWriter(samples.length * 8 + 16);
  writer.write(VERSION);
  let time = 0;
  let value = 0;
  let flags = 0;
  let late = 0;
  let numbered: Sequence | null = null;
  for (const timed of samples) {
    const { at, sample, sequence, receivedAt } = timed;
    const own = flagsOf(timed, numbered);
    writer.write(zigzag(at - time) * 2 + (own === flags ? 0 : 1));
    if (own !== flags) writer.write(own);
    flags = own;
    time = at;
    if (sample.kind === "fault") {
      writer.write(FAULTS.indexOf(sample.fault));
    } else {
      writer.write(zigzag(sample.milli - value));
      value = sample.milli;
    }
    if (sequence !== undefined) {
      if ((own & IS_NUMBER_WRITTEN) !== 0) {
        writer.write(sequence.boot);
        writer.write(sequence.number);
      }
      numbered = sequence;
    }
    if (receivedAt === undefined) continue;
    writer.write(zigzag(receivedAt - at - late));
    late = receivedAt - at;
  }
  return writer.bytes();
}

function flagsOf(
  { sample, sequence, clock, receivedAt }: KeptSample,
  before: Sequence | null,
): number {
  const isNext =
    sequence !== undefined &&
    before !== null &&
    sequence.boot === before.boot &&
    sequence.number === before.number + 1;
  return (
    (sample.kind === "fault" ? IS_FAULT : 0) |
    (clock === undefined ? 0 : IS_DOUBTFUL) |
    (sequence === undefined ? 0 : IS_NUMBERED | (isNext ? 0 : IS_NUMBER_WRITTEN)) |
    (receivedAt === undefined ? 0 : IS_BY_DEVICE)
  );
}

/** @throws RangeError where the bytes were not written by `encodeStretch`: a bug, since state is checksummed by its store. */
export function decodeStretch(bytes: Uint8Array): KeptSample[] {
  const reader = new VarintReader(bytes);
  if ((bytes[0] ?? 0) > 127) return decodeUnversioned(reader);
  if (reader.read() !== VERSION) throw new RangeError("stretch of an unknown version");
  const samples: KeptSample[] = [];
  let time = 0;
  let value = 0;
  let flags = 0;
  let late = 0;
  let numbered: Sequence | null = null;
  while (reader.more) {
    const head = reader.read();
    time += unzigzag(Math.floor(head / 2));
    if (head % 2 === 1) flags = reader.read();
    let sample: Sample;
    if ((flags & IS_FAULT) !== 0) {
      sample = faultNumbered(reader.read());
    } else {
      value += unzigzag(reader.read());
      sample = { kind: "value", milli: Milli(value) };
    }
    if ((flags & IS_NUMBERED) !== 0) numbered = sequenceOf(reader, flags, numbered);
    const isByDevice = (flags & IS_BY_DEVICE) !== 0;
    if (isByDevice) late += unzigzag(reader.read());
    samples.push({
      at: EpochMs(time),
      sample,
      ...((flags & IS_NUMBERED) !== 0 && numbered !== null ? { sequence: numbered } : {}),
      ...((flags & IS_DOUBTFUL) !== 0 ? { clock: "doubtful" as const } : {}),
      ...(isByDevice ? { receivedAt: EpochMs(time + late) } : {}),
    });
  }
  return samples;
}

function sequenceOf(reader: VarintReader, flags: number, before: Sequence | null): Sequence {
  if ((flags & IS_NUMBER_WRITTEN) !== 0) return { boot: reader.read(), number: reader.read() };
  if (before === null) throw new RangeError("stretch with a next number and none before");
  return { boot: before.boot, number: before.number + 1 };
}

/** Rows of the first form: a fault's mark in place of the flags, and nothing but time and value. */
function decodeUnversioned(reader: VarintReader): KeptSample[] {
  const samples: KeptSample[] = [];
  let time = 0;
  let value = 0;
  while (reader.more) {
    const head = reader.read();
    time += unzigzag(Math.floor(head / 2));
    if (head % 2 === 1) {
      samples.push({ at: EpochMs(time), sample: faultNumbered(reader.read()) });
    } else {
      value += unzigzag(reader.read());
      samples.push({ at: EpochMs(time), sample: { kind: "value", milli: Milli(value) } });
    }
  }
  return samples;
}

function faultNumbered(number: number): Sample {
  const fault = FAULTS[number];
  if (fault === undefined) throw new RangeError("stretch with an unknown fault");
  return { kind: "fault", fault };
}

// Arithmetic, not bit operators: times need more than 32 bits. Doubled twice they stay below 2⁵³.
function zigzag(n: number): number {
  return n < 0 ? -2 * n - 1 : 2 * n;
}

function unzigzag(n: number): number {
  return n % 2 === 1 ? -(n + 1) / 2 : n / 2;
}

class VarintReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get more(): boolean {
    return this.#position < this.#bytes.length;
  }

  read(): number {
    let result = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new RangeError("stretch cut short");
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
    }
  }
}

class VarintWriter {
  #buffer: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#buffer = new Uint8Array(capacity);
  }

  write(n: number): void {
    if (this.#length + 8 > this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2 + 16);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    let rest = n;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}
