import { parseArgs } from "node:util";
import { UnbrokenError } from "@unbroken/errors";

interface OptionEntry {
  readonly type: "string" | "boolean";
  readonly multiple?: false;
}

type Values<T extends Readonly<Record<string, OptionEntry>>> = {
  readonly [K in keyof T]?: T[K]["type"] extends "boolean" ? boolean : string;
};

/** Options of a command line. @throws UB_USAGE naming the option that is unknown or lacks its value. */
export function parseOptions<const T extends Readonly<Record<string, OptionEntry>>>(
  args: readonly string[],
  options: T,
): { readonly values: Values<T>; readonly positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values, positionals };
  } catch (error) {
    throw new UnbrokenError("UB_USAGE", (error as Error).message);
  }
}

/** @throws UB_USAGE if the option was not given. */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === "")
    throw new UnbrokenError("UB_USAGE", `${option} is needed`);
  return value;
}
