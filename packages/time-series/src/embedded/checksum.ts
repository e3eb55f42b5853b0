import { crc32 } from "node:zlib";
import { UnbrokenError } from "@unbroken/errors";

const TRAILER = 4;

/** The bytes with their CRC-32 (ISO 3309) behind them, least significant byte first. */
export function sealed(body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(body.length + TRAILER);
  whole.set(body);
  new DataView(whole.buffer).setUint32(body.length, crc32(body), true);
  return whole;
}

/** @throws UB_LOG_CORRUPT if the bytes are not those that were sealed. */
export function unsealed(whole: Uint8Array): Uint8Array {
  const end = whole.length - TRAILER;
  const body = whole.subarray(0, Math.max(0, end));
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  if (end < 0 || view.getUint32(end, true) !== crc32(body))
    throw new UnbrokenError("UB_LOG_CORRUPT", "stored points do not match their checksum");
  return body;
}
