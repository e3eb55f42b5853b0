export {
  decode,
  decodeFields,
  fieldsOf,
  type DecodeInput,
  type DecodeLimits,
  type Decoded,
  type DecodedFields,
} from "./decode.ts";
export type { Measurement } from "./measurement.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { DEPTH_MAX, parseStrictJson, type Parsed } from "./json/strict-json.ts";
export { ownV1Schema, type OwnV1 } from "./own/own-v1-schema.ts";
