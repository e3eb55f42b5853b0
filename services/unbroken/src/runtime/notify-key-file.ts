import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UnbrokenError } from "@unbroken/errors";

const BYTES = 32;

/**
 * The key from which the notifier's secrets are derived: 32 random bytes, made on first start, in a file of mode 0600.
 * Whoever deletes it gets a new one, and with it new secrets for every webhook and no use of old links.
 * @throws UB_START_FAILED if the file is there and is no key
 */
export function notifyKeyIn(dir: string): Uint8Array {
  const file = join(dir, "notify-key");
  if (!existsSync(file)) {
    const made = randomBytes(BYTES);
    writeFileSync(file, `${made.toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    return made;
  }
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64url");
  if (key.length === BYTES) return key;
  throw new UnbrokenError("UB_START_FAILED", `${file} is not a key of ${BYTES} bytes`, { file });
}
