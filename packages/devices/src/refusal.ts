/** Why a message, or a part of it, is not a reading. Each is a code of `@unbroken/errors`. */
export type RefusalCode =
  | "UB_PAYLOAD_NOT_UTF8"
  | "UB_PAYLOAD_NOT_JSON"
  | "UB_PAYLOAD_DUPLICATE_KEY"
  | "UB_PAYLOAD_TOO_DEEP"
  | "UB_PAYLOAD_SHAPE"
  | "UB_BATCH_TOO_LONG"
  | "UB_FORMAT_UNKNOWN"
  | "UB_VALUE_RANGE"
  | "UB_QUANTITY_UNKNOWN"
  | "UB_SENSOR_NAME"
  | "UB_TIME_INVALID"
  | "UB_TIME_TOO_EARLY"
  | "UB_TIME_IN_FUTURE";

export interface Refusal {
  readonly code: RefusalCode;
  /** RFC 6901: the part that is refused; `""` is the whole message. */
  readonly pointer: string;
  /** For a person, in one sentence; quotes nothing of the payload but short names. */
  readonly detail: string;
}

/** A key can be as long as the message; a pointer is for reading. */
const TOKEN_MAX = 64;

/** `pointer` with one more reference token (RFC 6901 §3), cut at 64 characters and free of lone surrogates. */
export function pointerTo(pointer: string, token: string | number): string {
  if (typeof token === "number") return `${pointer}/${token}`;
  const short = token.length > TOKEN_MAX ? `${token.slice(0, TOKEN_MAX)}…` : token;
  const wellFormed = short.replace(/\p{Surrogate}/gu, "\ufffd");
  return `${pointer}/${wellFormed.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
