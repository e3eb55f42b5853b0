import type { TimedSample } from "@unbroken/detection";
import { FaultKind } from "@unbroken/model";
import { EpochMs, Milli } from "@unbroken/units";

const FAULTS = FaultKind.options;

/**
 * A run of samples in few bytes: for each the time since the one before, doubled, plus one for a fault; then the
 * change of the value since the last value, or the fault's number. Varints (LEB128), changes in zigzag.
 */
export function encodeStretch(samples: readonly TimedSample[]): Uint8Array {
  const writer = new VarintWriter(samples.length * 6 + 8);
  let time = 0;
  let value = 0;
  for (const { at, sample } of samples) {
    const fault = sample.kind === "fault";
    writer.write(zigzag(at - time) * 2 + (fault ? 1 : 0));
    time = at;
    if (fault) {
      writer.write(FAULTS.indexOf(sample.fault));
    } else {
      writer.write(zigzag(sample.milli - value));
      value = sample.milli;
    }
  }
  return writer.bytes();
}

/** @throws RangeError where the bytes were not written by `encodeStretch`: a bug, since state is checksummed by its store. */
export function decodeStretch(bytes: Uint8Array): TimedSample[] {
  const samples: TimedSample[] = [];
  let position = 0;
  const read = (): number => {
    let result = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[position++];
      if (byte === undefined) throw new RangeError("stretch cut short");
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
    }
  };
  let time = 0;
  let value = 0;
  while (position < bytes.length) {
    const head = read();
    time += unzigzag(Math.floor(head / 2));
    if (head % 2 === 1) {
      const fault = FAULTS[read()];
      if (fault === undefined) throw new RangeError("stretch with an unknown fault");
      samples.push({ at: EpochMs(time), sample: { kind: "fault", fault } });
    } else {
      value += unzigzag(read());
      samples.push({ at: EpochMs(time), sample: { kind: "value", milli: Milli(value) } });
    }
  }
  return samples;
}

// Arithmetic, not bit operators: times need more than 32 bits. Doubled twice they stay below 2⁵³.
function zigzag(n: number): number {
  return n < 0 ? -2 * n - 1 : 2 * n;
}

function unzigzag(n: number): number {
  return n % 2 === 1 ? -(n + 1) / 2 : n / 2;
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
