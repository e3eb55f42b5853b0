import { codes, type Code } from "./codes.ts";

/** Facts that help whoever reads the error; never a secret, never a payload. */
export type Details = Readonly<Record<string, string | number | boolean | null>>;

/** An operating error: something outside went wrong, and its code says what. A bug is an ordinary Error. */
export class UnbrokenError extends Error {
  override readonly name = "UnbrokenError";
  readonly code: Code;
  readonly details: Details;

  constructor(code: Code, message?: string, details: Details = {}, options?: ErrorOptions) {
    super(message ?? codes[code].means, options);
    this.code = code;
    this.details = details;
  }

  get retry(): "never" | "later" {
    return codes[this.code].retry;
  }
}

/** Closes a switch: a case that the types forbid has happened. */
export function assertNever(value: never): never {
  throw new Error(`impossible case: ${JSON.stringify(value)}`);
}
