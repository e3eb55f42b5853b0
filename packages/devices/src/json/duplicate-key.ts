import { pointerTo } from "../refusal.ts";
import { endOfString, isFollowedByColon } from "./plain-keys.ts";

interface Level {
  /** The keys seen so far; null for an array. */
  readonly keys: Set<string> | null;
  readonly pointer: string;
  /** Of the member or item that is being read. */
  token: string | number;
}

/**
 * Where a JSON text names a key a second time in one object: the slow and careful way, walked only when it is
 * known that there is one, to tell the sender which.
 * @param text valid JSON, of bounded depth
 * @returns the pointer of the first such key, or `""` if there is none.
 */
export function duplicateKeyPointer(text: string): string {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    const top = levels.at(-1);
    switch (text[i]) {
      case "{":
      case "[": {
        const pointer = top === undefined ? "" : pointerTo(top.pointer, top.token);
        levels.push({ keys: text[i] === "{" ? new Set() : null, pointer, token: 0 });
        break;
      }
      case "}":
      case "]":
        levels.pop();
        break;
      case ",":
        if (top !== undefined && typeof top.token === "number") top.token++;
        break;
      case '"': {
        const end = endOfString(text, i + 1);
        if (top !== undefined && top.keys !== null && isFollowedByColon(text, end + 1)) {
          const key = JSON.parse(text.slice(i, end + 1)) as string;
          if (top.keys.has(key)) return pointerTo(top.pointer, key);
          top.keys.add(key);
          top.token = key;
        }
        i = end;
        break;
      }
      default:
    }
  }
  return "";
}
