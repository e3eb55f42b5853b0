import type { z } from "zod";
import { RequestRefused } from "../http/problem.ts";

// Opaque to clients: a page goes on after the position that the cursor holds.

export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** @throws UB_REQUEST_INVALID for a cursor that no page of this list gave. */
export function readCursor<S extends z.ZodType>(
  schema: S,
  cursor: string | undefined,
): z.output<S> | null {
  if (cursor === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RequestRefused("UB_REQUEST_INVALID", "/query/cursor: not a cursor of this list", [
    { pointer: "/query/cursor", detail: "not a cursor of this list" },
  ]);
}
