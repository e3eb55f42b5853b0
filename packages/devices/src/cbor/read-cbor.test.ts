import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CborOpaque } from "./cbor-value.ts";
import { readCbor } from "./read-cbor.ts";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const read = (hex: string, labels: ReadonlyMap<number, string> = new Map()) =>
  readCbor(bytesOf(hex), labels);

const oneTo25 = Array.from({ length: 25 }, (_, i) => i + 1);

// RFC 8949 Appendix A, table 6; times as text and integer keys as `#1`, as the formats take them.
const appendixA: readonly (readonly [hex: string, means: unknown])[] = [
  ["00", 0],
  ["01", 1],
  ["0a", 10],
  ["17", 23],
  ["1818", 24],
  ["1819", 25],
  ["1864", 100],
  ["1903e8", 1_000],
  ["1a000f4240", 1_000_000],
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["1bffffffffffffffff", 2 ** 64],
  ["c249010000000000000000", 2 ** 64],
  ["3bffffffffffffffff", -(2 ** 64)],
  ["c349010000000000000000", -(2 ** 64)],
  ["20", -1],
  ["29", -10],
  ["3863", -100],
  ["3903e7", -1_000],
  ["f90000", 0],
  ["f98000", -0],
  ["f93c00", 1],
  ["fb3ff199999999999a", 1.1],
  ["f93e00", 1.5],
  ["f97bff", 65_504],
  ["fa47c35000", 100_000],
  ["fa7f7fffff", 3.4028234663852886e38],
  ["fb7e37e43c8800759c", 1e300],
  ["f90001", 5.960464477539063e-8],
  ["f90400", 0.00006103515625],
  ["f9c400", -4],
  ["fbc010666666666666", -4.1],
  ["f97c00", Infinity],
  ["f97e00", NaN],
  ["f9fc00", -Infinity],
  ["fa7f800000", Infinity],
  ["fa7fc00000", NaN],
  ["faff800000", -Infinity],
  ["fb7ff0000000000000", Infinity],
  ["fb7ff8000000000000", NaN],
  ["fbfff0000000000000", -Infinity],
  ["f4", false],
  ["f5", true],
  ["f6", null],
  ["f7", new CborOpaque("undefined")],
  ["f0", new CborOpaque("simple value 16")],
  ["f8ff", new CborOpaque("simple value 255")],
  ["c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"],
  ["c11a514b67b0", "2013-03-21T20:04:00.000Z"],
  ["c1fb41d452d9ec200000", "2013-03-21T20:04:00.500Z"],
  ["d74401020304", new CborOpaque("tag 23")],
  ["d818456449455446", new CborOpaque("tag 24")],
  ["d82076687474703a2f2f7777772e6578616d706c652e636f6d", new CborOpaque("tag 32")],
  ["40", Uint8Array.of()],
  ["4401020304", Uint8Array.of(1, 2, 3, 4)],
  ["60", ""],
  ["6161", "a"],
  ["6449455446", "IETF"],
  ["62225c", '"\\'],
  ["62c3bc", "\u00fc"],
  ["63e6b0b4", "\u6c34"],
  ["64f0908591", "\ud800\udd51"],
  ["80", []],
  ["83010203", [1, 2, 3]],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  ["98190102030405060708090a0b0c0d0e0f101112131415161718181819", oneTo25],
  ["a0", {}],
  ["a201020304", { "#1": 2, "#3": 4 }],
  ["a26161016162820203", { a: 1, b: [2, 3] }],
  ["826161a161626163", ["a", { b: "c" }]],
  ["a56161614161626142616361436164614461656145", { a: "A", b: "B", c: "C", d: "D", e: "E" }],
  ["5f42010243030405ff", Uint8Array.of(1, 2, 3, 4, 5)],
  ["7f657374726561646d696e67ff", "streaming"],
  ["9fff", []],
  ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
  ["9f01820203820405ff", [1, [2, 3], [4, 5]]],
  ["83018202039f0405ff", [1, [2, 3], [4, 5]]],
  ["83019f0203ff820405", [1, [2, 3], [4, 5]]],
  ["9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", oneTo25],
  ["bf61610161629f0203ffff", { a: 1, b: [2, 3] }],
  ["826161bf61626163ff", ["a", { b: "c" }]],
  ["bf6346756ef563416d7421ff", { Fun: true, Amt: -2 }],
];

describe("CBOR", () => {
  it.each(appendixA)("reads %s as RFC 8949 Appendix A has it", (hex, means) => {
    const parsed = read(hex);
    expect(parsed).toEqual({ ok: true, value: means });
  });

  // RFC 8949 Appendix F.1: each kind of what is not well-formed.
  it.each([
    ["nothing at all", ""],
    [
      "heads cut short",
      "18 19 1a 1b 1901 1a0102 1b01020304050607 38 58 78 98 9a01ff00 b8 d8 f8 f900 fa0000 fb000000",
    ],
    [
      "strings shorter than they say",
      "41 61 5affffffff00 5bffffffffffffffff010203 7affffffff00 7b7fffffffffffffff010203",
    ],
    ["lists and maps shorter than they say", "81 818181818181818181 8200 a1 a20102 a100 a2000000"],
    ["tags without content", "c0"],
    [
      "untold lengths without an end",
      "5f4100 7f6100 9f 9f0102 bf bf01020202 819f 9f8000 9f9f9f9f9fffffffff 9f819f819f9fffffff",
    ],
    [
      "a break where an item should be",
      "ff 81ff 8200ff a1ff a1ff00 a100ff a20001ff 9f81ff 9f829f819f9fffffffff",
    ],
    ["a break between key and value", "bf00ff bf000001ff"],
    [
      "reserved additional information",
      "1c 1d 1e 3c 3d 3e 5c 5d 5e 7c 7d 7e 9c 9d 9e bc bd be dc dd de fc fd fe",
    ],
    ["untold lengths of what has no length", "1f 3f df"],
    ["reserved two-byte simple values", "f800 f801 f818 f81f"],
    [
      "strings in strings of another kind, or of untold length",
      "5f00ff 5f21ff 5f6100ff 5f80ff 5fa0ff 5fc000ff 5fe0ff 7f4100ff 5f5f4100ffff 7f7f6100ffff",
    ],
    ["more than one item", "0000 8000 a0a0"],
  ])("refuses %s", (_, hexes) => {
    for (const hex of hexes.split(" "))
      expect({ hex, ...read(hex) }).toMatchObject({
        ok: false,
        refusal: { code: "UB_PAYLOAD_NOT_JSON", pointer: "" },
      });
  });

  it.each([
    ["a key twice", "a2616101616102", "UB_PAYLOAD_DUPLICATE_KEY"],
    ["a key twice in a map of untold length", "bf616101616102ff", "UB_PAYLOAD_DUPLICATE_KEY"],
    [
      "an integer key twice, in two encodings",
      "a201011801 02".replace(" ", ""),
      "UB_PAYLOAD_DUPLICATE_KEY",
    ],
    [
      "the key __proto__ twice",
      `a2${"695f5f70726f746f5f5f01".repeat(2)}`,
      "UB_PAYLOAD_DUPLICATE_KEY",
    ],
    ["a key that is a list", "a18001", "UB_PAYLOAD_SHAPE"],
    ["a key that is a fraction", "a1f93e0001", "UB_PAYLOAD_SHAPE"],
    ["text that is not UTF-8", "62c328", "UB_PAYLOAD_NOT_UTF8"],
    ["a surrogate in text", "63eda080", "UB_PAYLOAD_NOT_UTF8"],
    ["a character split between pieces", "7f61c361bcff", "UB_PAYLOAD_NOT_UTF8"],
    ["17 lists in each other", `${"81".repeat(17)}00`, "UB_PAYLOAD_TOO_DEEP"],
    ["10,000 lists in each other", "81".repeat(10_000), "UB_PAYLOAD_TOO_DEEP"],
    ["10,000 tags on each other", "c6".repeat(10_000), "UB_PAYLOAD_TOO_DEEP"],
    ["10,000 lists of untold length in each other", "9f".repeat(10_000), "UB_PAYLOAD_TOO_DEEP"],
  ])("refuses %s by its code", (_, hex, code) => {
    expect(read(hex)).toMatchObject({ ok: false, refusal: { code } });
  });

  it("reads 16 lists in each other", () => {
    expect(read(`${"81".repeat(16)}00`).ok).toBe(true);
  });

  it("takes __proto__ and constructor for keys like any other", () => {
    const parsed = read("a2695f5f70726f746f5f5fa06b636f6e7374727563746f7201");
    expect(parsed.ok && Object.keys(parsed.value as object)).toEqual(["__proto__", "constructor"]);
  });

  it.each([
    ["c48221196ab3", 273.15],
    ["c482001a000186a0", 100_000],
    ["c48238ff01", 1e-256],
  ])("reads the decimal fraction %s as the double nearest to it", (hex, value) => {
    expect(read(hex)).toEqual({ ok: true, value });
  });

  it("gives a name to the integer keys that have one, and refuses the name beside its number", () => {
    const labels = new Map([[-2, "bn"]]);
    expect(read("a1216162", labels)).toEqual({ ok: true, value: { bn: "b" } });
    expect(read("a221616262626e6163", labels)).toMatchObject({
      refusal: { code: "UB_PAYLOAD_DUPLICATE_KEY" },
    });
  });

  it("does not allocate what a length announces", () => {
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    for (const head of ["9b", "bb", "5b", "7b"])
      expect(read(`${head}001fffffffffffff00`)).toMatchObject({ ok: false });
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect(after - before).toBeLessThan(64 * 1024 * 1024);
  });

  it("reads what was written, whatever it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(readCbor(written(value), new Map())).toEqual({ ok: true, value });
      }),
    );
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(readCbor(bytes, new Map()).ok).toBeTypeOf("boolean");
      }),
      { numRuns: 5_000 },
    );
  });
});

/** The plainest writer: every number a double, every length in eight bytes. */
function written(value: unknown): Uint8Array {
  const head = (major: number, n: number): Buffer => {
    const bytes = Buffer.alloc(9);
    bytes[0] = (major << 5) | 27;
    bytes.writeBigUInt64BE(BigInt(n), 1);
    return bytes;
  };
  const text = (string: string): Buffer => {
    const bytes = Buffer.from(string);
    return Buffer.concat([head(3, bytes.length), bytes]);
  };
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(9, 0xfb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(written)]);
  const members = Object.entries(value as object);
  return Buffer.concat([
    head(5, members.length),
    ...members.flatMap(([key, member]) => [text(key), written(member)]),
  ]);
}
