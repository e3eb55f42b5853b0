import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEPTH_MAX, parseStrictJson } from "./strict-json.ts";

const parse = (text: string) => parseStrictJson(new TextEncoder().encode(text));

describe("strict JSON", () => {
  it.each([
    ["a key twice", '{"a":1,"a":2}', "/a"],
    ["a key twice with equal values", '{"a":1,"a":1}', "/a"],
    ["a key twice, once escaped", '{"a":1,"\\u0061":2}', "/a"],
    ["a key twice, deep inside", '[0,{"b":[{"c":1},{"c":1,"d":"}","c":2}]}]', "/1/b/1/c"],
    ["a key twice whose first value holds objects", '{"a":{"b":1},"a":1}', "/a"],
    ["a key twice with a slash and a tilde in it", '{"a/~":1,"a/~":2}', "/a~1~0"],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', "/__proto__"],
    ["the empty key twice", '{"":1,"":2}', "/"],
    ["a key twice around white space", '{"a"\n:1,\t"a" :2}', "/a"],
  ])("refuses %s and says which", (_, text, pointer) => {
    expect(parse(text)).toMatchObject({
      ok: false,
      refusal: { code: "UB_PAYLOAD_DUPLICATE_KEY", pointer },
    });
  });

  it.each([
    ["colons, braces and quotes in strings", '{"a":":{}[]\\"\\\\","b:c":"\\\\"}'],
    ["escaped keys", '{"\\u0061":1,"\\u6e29\\u5ea6":{"\\u0061\\/b" :2}}'],
    ["the same key in different objects", '[{"a":1},{"a":{"a":2}}]'],
    ["a string that is also a key", '{"a":"a","b":["a","a"]}'],
    ["__proto__ once", '{"__proto__":{"a":1},"constructor":2}'],
    ["white space around", ' \t\r\n{"a" : [ 1 , 2 ] } \n'],
  ])("reads %s", (_, text) => {
    expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
  });

  it.each([
    ["nothing", "", "UB_PAYLOAD_NOT_JSON"],
    ["half an object", '{"a":', "UB_PAYLOAD_NOT_JSON"],
    ["an open string", '{"a', "UB_PAYLOAD_NOT_JSON"],
    ["a string that ends in a backslash", '{"a\\', "UB_PAYLOAD_NOT_JSON"],
    ["something after the end", '{"a":1}}', "UB_PAYLOAD_NOT_JSON"],
    ["two values", '{"a":1} {"a":1}', "UB_PAYLOAD_NOT_JSON"],
    ["a NUL at the end", '{"a":1}\0', "UB_PAYLOAD_NOT_JSON"],
    ["a byte order mark", '\ufeff{"a":1}', "UB_PAYLOAD_NOT_JSON"],
    ["NaN", '{"a":NaN}', "UB_PAYLOAD_NOT_JSON"],
    ["Infinity", '{"a":Infinity}', "UB_PAYLOAD_NOT_JSON"],
    ["single quotes", "{'a':1}", "UB_PAYLOAD_NOT_JSON"],
    ["a comma too many", '{"a":1,}', "UB_PAYLOAD_NOT_JSON"],
    ["a leading zero", '{"a":01}', "UB_PAYLOAD_NOT_JSON"],
    ["a line end in a string", '{"a":"\n"}', "UB_PAYLOAD_NOT_JSON"],
    ["an escaped key that is not followed by a value", '{"\\u0061":}', "UB_PAYLOAD_NOT_JSON"],
    ["an escape in a key that JSON has not", '{"\\x61":1}', "UB_PAYLOAD_NOT_JSON"],
    ["a colon after a list that ends in an escape", '["\\n"]:', "UB_PAYLOAD_NOT_JSON"],
    ["a key with a quote", '{"\\"":1}', "UB_PAYLOAD_SHAPE"],
    ["a key with a backslash", '{"a\\\\":1}', "UB_PAYLOAD_SHAPE"],
    ["a key with a line end", '{"a\\n":1}', "UB_PAYLOAD_SHAPE"],
    ["a key with half a character", '{"\\ud83d":1}', "UB_PAYLOAD_SHAPE"],
    ["17 lists with an escaped key", `{"\\u0061":${"[".repeat(17)}`, "UB_PAYLOAD_TOO_DEEP"],
    ["17 lists in each other", "[".repeat(17) + "]".repeat(17), "UB_PAYLOAD_TOO_DEEP"],
    ["10,000 objects in each other", '{"a":'.repeat(10_000), "UB_PAYLOAD_TOO_DEEP"],
    ["a million lists in each other", "[".repeat(1_000_000), "UB_PAYLOAD_TOO_DEEP"],
  ])("refuses %s", (_, text, code) => {
    expect(parse(text)).toMatchObject({ ok: false, refusal: { code, pointer: "" } });
  });

  it.each([
    ["a byte that begins nothing", [0xff]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["an encoded surrogate", [0xed, 0xa0, 0x80]],
    ["a character cut short", [0xe6, 0xb8]],
    ["GB 18030", [0xce, 0xc2]],
  ])("refuses %s in a string as not UTF-8", (_, bytes) => {
    const payload = Uint8Array.from([...Buffer.from('{"a":"'), ...bytes, ...Buffer.from('"}')]);
    expect(parseStrictJson(payload)).toMatchObject({ refusal: { code: "UB_PAYLOAD_NOT_UTF8" } });
  });

  it("reads 16 levels, and neither counts levels in strings nor levels that are closed", () => {
    expect(parse("[".repeat(16) + "]".repeat(16)).ok).toBe(true);
    expect(parse(`["${"[".repeat(50)}",${"[],".repeat(50)}0]`).ok).toBe(true);
  });

  it("reads an escaped key right after a message that had a backslash for a key", () => {
    // nodejs/node#63785: the engine alone reads the second as if its key were a backslash.
    JSON.parse('{"poisoned":1,"\\\\":2}');
    expect(parse('{"poisoned":1,"\\u0061":3}')).toEqual({ ok: true, value: { poisoned: 1, a: 3 } });
  });

  it("accepts and refuses as a plain recursive parser does that looks at every key", () => {
    let duplicates = 0;
    fc.assert(
      fc.property(jsonText, (text) => {
        const plain = plainlyParsed(text);
        const parsed = parse(text);
        if (plain === "duplicate") duplicates++;
        if (parsed.ok) expect({ value: parsed.value }).toEqual(plain);
        else expect(`${plain as string}: ${parsed.refusal.code}`).toMatch(AGREE);
      }),
      { numRuns: 2_000 },
    );
    expect(duplicates).toBeGreaterThan(100);
  });
});

// Of a text that is wrong in two ways either may be said first.
const AGREE =
  /^(?:duplicate: UB_PAYLOAD_DUPLICATE_KEY|(?:broken|unwritable): UB_PAYLOAD_(?:NOT_JSON|SHAPE))$/;

const key = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("a", "b", "\\u0061", "__proto__", "x:y", "{") },
  { weight: 1, arbitrary: fc.constantFrom('\\"', "\\\\") },
);
const whole = fc.constantFrom("1", "-0.5e3", "null", "true", '"a"', '"\\"a\\":"', '"[{"', '"\\n"');
const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: fc.constantFrom("", "tru", '"', '["\\n"]:') },
    {
      weight: 3,
      arbitrary: fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    },
    {
      weight: 6,
      arbitrary: fc
        .array(fc.tuple(key, tie("value")), { maxLength: 4 })
        .map((members) => `{${members.map(([name, text]) => `"${name}" :${text}`).join(",")}}`),
    },
  ),
}));

/** One recursive descent by RFC 8259 §2, written to be looked at. Strings and numbers are left to the engine. */
function plainlyParsed(
  text: string,
): "broken" | "duplicate" | "unwritable" | { readonly value: unknown } {
  let at = 0;
  const seen = { duplicate: false, unwritable: false };
  const fail = (): never => {
    throw new SyntaxError(text);
  };
  const skip = (): void => {
    while (/[ \t\r\n]/.test(text[at] ?? "")) at++;
  };
  const expectText = (wanted: string): void => {
    skip();
    if (!text.startsWith(wanted, at)) fail();
    at += wanted.length;
  };
  const peek = (): string => {
    skip();
    return text[at] ?? "";
  };
  const scalar = (): unknown => {
    skip();
    const match = /^(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)/.exec(text.slice(at)) ?? fail();
    at += match[0].length;
    return JSON.parse(match[0]) as unknown;
  };
  const list = (close: string, item: () => void): void => {
    at++;
    if (peek() !== close) {
      item();
      while (peek() === ",") {
        at++;
        item();
      }
    }
    expectText(close);
  };
  const value = (): unknown => {
    if (peek() === "[") {
      const items: unknown[] = [];
      list("]", () => items.push(value()));
      return items;
    }
    if (peek() !== "{") return scalar();
    const members = new Map<string, unknown>();
    list("}", () => {
      if (peek() !== '"') fail();
      const name = scalar() as string;
      expectText(":");
      seen.duplicate ||= members.has(name);
      seen.unwritable ||= /["\\]/.test(name);
      members.set(name, value());
    });
    return Object.fromEntries(members);
  };
  try {
    const whole = { value: value() };
    if (peek() !== "") return "broken";
    if (seen.unwritable) return "unwritable";
    return seen.duplicate ? "duplicate" : whole;
  } catch {
    return "broken";
  }
}

it("bounds what it reads", () => expect(DEPTH_MAX).toBe(16));
