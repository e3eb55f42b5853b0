import { readFile } from "node:fs/promises";
import type { IntervalReading } from "@unbroken/detection";
import { UnbrokenError } from "@unbroken/errors";
import type { EpochMs } from "@unbroken/units";
import type { Io } from "../io.ts";
import type { ReadTime } from "./local-time.ts";
import { formOf, readRows } from "./read-rows.ts";

/**
 * The readings of a file, or of standard input.
 * @throws UB_USAGE where the file cannot be read, UB_READINGS_INVALID naming the line.
 */
export async function readingsOf(
  file: string | null,
  io: Io,
  readTime: ReadTime,
): Promise<readonly IntervalReading[]> {
  const text = textOf(file === null ? await drained(io.stdin) : await contentOf(file));
  return readRows(text, formOf(file, text), readTime);
}

async function contentOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UnbrokenError("UB_USAGE", `--readings ${file}: cannot be read`, {}, { cause });
  }
}

async function drained(stream: Io["stdin"]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnbrokenError("UB_READINGS_INVALID", "the readings are not UTF-8", {}, { cause });
  }
}

/** @throws UB_USAGE naming the option */
export function momentOf(option: string, text: string, readTime: ReadTime): EpochMs {
  try {
    return readTime(text);
  } catch (cause) {
    if (!(cause instanceof UnbrokenError)) throw cause;
    throw new UnbrokenError("UB_USAGE", `${option}: ${cause.message}`, {}, { cause });
  }
}
