/** A CBOR item that JSON has no word for. No field takes one; a format that ignores unknown fields ignores it. */
export class CborOpaque {
  /** What it is, for a person: `tag 32`, `undefined`. */
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** Whether a decoded JSON or CBOR value is an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
