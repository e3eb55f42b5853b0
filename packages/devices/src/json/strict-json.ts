import type { Refusal } from "../refusal.ts";
import { duplicateKeyPointer } from "./duplicate-key.ts";
import { withPlainKeys } from "./plain-keys.ts";

/** Objects and arrays inside each other, the outermost counted. */
export const DEPTH_MAX = 16;

export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Refusal };

// A byte order mark is kept, so that JSON.parse refuses it (RFC 8259 §8.1).
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * JSON as RFC 8259 has it, and more strictly: UTF-8, no key twice in an object, at most `depthMax` deep.
 *
 * The engine's parser keeps the last of two equal keys and says nothing. Each member has one colon outside
 * strings, so an object that lost a member holds fewer members than the text has such colons.
 */
export function parseStrictJson(bytes: Uint8Array, depthMax = DEPTH_MAX): Parsed {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refused("UB_PAYLOAD_NOT_UTF8", "the text is not UTF-8");
  }
  const colons = countColons(bytes, depthMax);
  if (colons === ESCAPED_KEY) return parsePlainKeys(text, depthMax);
  if (colons === TOO_DEEP)
    return refused("UB_PAYLOAD_TOO_DEEP", `nested deeper than ${depthMax} objects and arrays`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("UB_PAYLOAD_NOT_JSON", NOT_JSON);
  }
  if (countMembers(value) === colons) return { ok: true, value };
  return {
    ok: false,
    refusal: {
      code: "UB_PAYLOAD_DUPLICATE_KEY",
      pointer: duplicateKeyPointer(text),
      detail: "the key stands twice in its object",
    },
  };
}

const NOT_JSON = "it is not JSON";
const encoder = new TextEncoder();

/** The slow way, for a text in which a key has an escape: no device that we know writes one. */
function parsePlainKeys(text: string, depthMax: number): Parsed {
  const plain = withPlainKeys(text);
  if (typeof plain !== "string") return { ok: false, refusal: plain };
  const bytes = encoder.encode(plain);
  // What still looks like an escaped key is a colon where JSON has none.
  return countColons(bytes, depthMax) === ESCAPED_KEY
    ? refused("UB_PAYLOAD_NOT_JSON", NOT_JSON)
    : parseStrictJson(bytes, depthMax);
}

function refused(code: Refusal["code"], detail: string): Parsed {
  return { ok: false, refusal: { code, pointer: "", detail } };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
// `[` and `{` differ in one bit, as do `]` and `}`.
const CASE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const TOO_DEEP = -1;
const ESCAPED_KEY = -2;

/** Colons outside strings, `TOO_DEEP` or `ESCAPED_KEY`. Says something only of text that is JSON. */
function countColons(bytes: Uint8Array, depthMax: number): number {
  let colons = 0;
  let depth = 0;
  let hasEscape = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      hasEscape = false;
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) {
        if (bytes[i] !== BACKSLASH) continue;
        hasEscape = true;
        i++;
      }
    } else if (byte === COLON) {
      // Between a key and its colon there is only white space.
      if (hasEscape) return ESCAPED_KEY;
      colons++;
    } else if ((byte | CASE_BIT) === OPEN) {
      depth++;
      if (depth > depthMax) return TOO_DEEP;
    } else if ((byte | CASE_BIT) === CLOSE) {
      depth--;
    }
  }
  return colons;
}

/** Members of all objects in a value. Its depth is bounded by then. */
function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) members += countMembers(item);
    return members;
  }
  for (const member of Object.values(value)) members += 1 + countMembers(member);
  return members;
}
