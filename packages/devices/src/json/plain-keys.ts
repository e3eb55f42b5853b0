import type { Refusal } from "../refusal.ts";

// V8 misreads escaped keys: after `{"a":1,"\\":2}` it reads `{"a":1,"\n":3}` as if the key were a backslash, for it
// compares the text of an escape with the keys it has seen before (nodejs/node#63785, open for V8 13.6 and 14.6).
// One device's message could so change another's. Escapes in keys are therefore resolved before the engine sees them.

/** A quote, a backslash or a control character cannot stand in a key without an escape; half a character cannot at all. */
const NEEDS_ESCAPE = /["\\\p{Cc}\p{Surrogate}]/u;

/**
 * The same JSON with its keys written without escapes. Only keys that no format has cannot be.
 * @param text JSON, or something that the parser will refuse later
 */
export function withPlainKeys(text: string): string | Refusal {
  let plain = "";
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '"') continue;
    const end = endOfString(text, i + 1);
    const literal = text.slice(i, end + 1);
    if (literal.includes("\\") && isFollowedByColon(text, end + 1)) {
      const key = keyOf(literal);
      if (typeof key !== "string") return key;
      plain += `${text.slice(copied, i)}"${key}"`;
      copied = end + 1;
    }
    i = end;
  }
  return plain + text.slice(copied);
}

function keyOf(literal: string): string | Refusal {
  let key: string;
  try {
    key = JSON.parse(literal) as string;
  } catch {
    return {
      code: "UB_PAYLOAD_NOT_JSON",
      pointer: "",
      detail: "a key has an escape that JSON has not",
    };
  }
  if (!NEEDS_ESCAPE.test(key)) return key;
  const detail = "a key has a quote, a backslash, a control character or half a character in it";
  return { code: "UB_PAYLOAD_SHAPE", pointer: "", detail };
}

/** Where the quote stands that ends the string whose text begins at `from`, or the end of the text. */
export function endOfString(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i;
}

export function isFollowedByColon(text: string, from: number): boolean {
  let i = from;
  while (" \t\r\n".includes(text[i] ?? "x")) i++;
  return text[i] === ":";
}
