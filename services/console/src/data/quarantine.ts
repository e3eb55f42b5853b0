import type { QuarantineView } from "@unbroken/model";
import { getJson } from "./api.ts";
import type { Page } from "./page.ts";

/** What could not be understood, newest first, a page at a time. */
export async function fetchQuarantine(
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<QuarantineView>> {
  return await getJson<Page<QuarantineView>>("/quarantine", { limit: 100, cursor }, signal);
}

/** The raw bytes, as text if they are UTF-8 without control characters, otherwise as hex. */
export function payloadText(base64: string): {
  readonly kind: "text" | "hex";
  readonly text: string;
} {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (!/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) return { kind: "text", text };
  } catch {
    // Not UTF-8: shown as hex below.
  }
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  return { kind: "hex", text: pairs.join(" ") };
}
