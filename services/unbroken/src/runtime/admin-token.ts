import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface AdminToken {
  readonly sha256: string;
  /** Only when it was made just now; it is stored as a hash and cannot be shown again. */
  readonly token: string | null;
}

/** The administrator's secret: 32 random bytes, made on first start, kept as SHA-256 in a file of mode 0600. */
export function adminTokenIn(dir: string): AdminToken {
  const file = join(dir, "admin-token.sha256");
  if (existsSync(file)) return { sha256: readFileSync(file, "utf8").trim(), token: null };
  const token = randomBytes(32).toString("base64url");
  const sha256 = createHash("sha256").update(token).digest("hex");
  writeFileSync(file, `${sha256}\n`, { mode: 0o600, flag: "wx" });
  return { sha256, token };
}
