import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameScanner, MALFORMED, TOO_LARGE, type FrameRules } from "./frame-scanner.ts";

const LARGEST = 300;
const anything: FrameRules = { bytesMax: () => LARGEST, admits: () => true };

/** The fixed header of MQTT 3.1.1 §2.2. */
function header(firstByte: number, bodyLength: number): number[] {
  const bytes = [firstByte];
  let rest = bodyLength;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

function packet(firstByte: number, bodyLength: number): number[] {
  // Bodies look like headers of huge packets, so that losing count shows.
  return [...header(firstByte, bodyLength), ...Array.from({ length: bodyLength }, () => 0xff)];
}

const bodies = fc.array(fc.integer({ min: 0, max: 290 }), { maxLength: 12 });
const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 80 }));

function chunksOf(bytes: readonly number[], sizes: Iterator<number>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = Number(sizes.next().value);
    chunks.push(Uint8Array.from(bytes.slice(at, at + size)));
    at += size;
  }
  return chunks;
}

describe("a stream of packets", () => {
  it("passes whole, however it is cut, if none is too large", () => {
    fc.assert(
      fc.property(bodies, cuts, (lengths, sizes) => {
        const scanner = new FrameScanner(anything);
        const bytes = lengths.flatMap((length) => packet(0x30, length));
        for (const chunk of chunksOf(bytes, sizes)) expect(scanner.scan(chunk)).toBe(chunk.length);
      }),
    );
  });

  it("ends at the announcement of one that is too large, however it is cut", () => {
    fc.assert(
      fc.property(
        bodies,
        cuts,
        fc.integer({ min: LARGEST, max: 268_435_455 }),
        (lengths, sizes, huge) => {
          const scanner = new FrameScanner(anything);
          const bytes = [
            ...lengths.flatMap((length) => packet(0x30, length)),
            ...header(0x30, huge),
          ];
          const chunks = chunksOf(bytes, sizes);
          const verdicts = chunks.map((chunk) => scanner.scan(chunk));
          expect(verdicts.at(-1)).toBe(TOO_LARGE);
          expect(verdicts.slice(0, -1).every((verdict) => verdict >= 0)).toBe(true);
        },
      ),
    );
  });

  it("is given out up to the packet that has to wait, and goes on from there", () => {
    fc.assert(
      fc.property(bodies, cuts, fc.nat(11), (lengths, sizes, held) => {
        let left = held;
        const scanner = new FrameScanner({
          bytesMax: () => LARGEST,
          admits: () => left-- > 0,
        });
        const packets = lengths.map((length) => packet(0x30, length));
        let passed = 0;
        let waiting: Uint8Array = new Uint8Array(0);
        for (const chunk of chunksOf(packets.flat(), sizes)) {
          const next = Uint8Array.from([...waiting, ...chunk]);
          const n = scanner.scan(next);
          passed += n;
          waiting = next.subarray(n);
        }
        expect(passed).toBe(packets.slice(0, held).flat().length);
        left = Number.MAX_SAFE_INTEGER;
        expect(scanner.scan(waiting)).toBe(waiting.length);
      }),
    );
  });
});

it.each<readonly [string, readonly number[], number]>([
  ["exactly as large as it may be", packet(0x30, LARGEST - 3), LARGEST],
  ["a byte larger", packet(0x30, LARGEST - 2), TOO_LARGE],
  ["announced with the largest length there is", [0x10, 0xff, 0xff, 0xff, 0x7f], TOO_LARGE],
  ["announced in five bytes", [0x10, 0x80, 0x80, 0x80, 0x80, 0x01], MALFORMED],
  ["announced in five bytes of nothing", [0x10, 0x80, 0x80, 0x80, 0x80, 0x00], MALFORMED],
  ["of no length", [0xc0, 0x00], 2],
  ["of no length, in four bytes", [0xc0, 0x80, 0x80, 0x80, 0x00], 5],
])("a packet %s is judged by its fixed header", (_, bytes, verdict) => {
  expect(new FrameScanner(anything).scan(Uint8Array.from(bytes))).toBe(verdict);
});
