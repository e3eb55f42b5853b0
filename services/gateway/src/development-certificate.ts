import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** What clients accept at the most from a certificate that they trust by hand, in days. */
const VALID_DAYS = 825;
const DAY_MS = 86_400_000;

/**
 * The certificate under `directory`, made on the first start: ECDSA P-256, self-signed, for this machine's names.
 * It protects from listening in, and from impostors only for clients that were given the file.
 */
export async function developmentCertificate(
  directory: string,
  now: number,
): Promise<KeyAndCertificate> {
  const keyFile = join(directory, "development-key.pem");
  const certFile = join(directory, "development-certificate.pem");
  const known = await readBoth(keyFile, certFile);
  if (known !== null) return known;
  const made = await generate([{ name: "commonName", value: "Unbroken development" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 2, value: hostname() },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  await mkdir(directory, { recursive: true });
  // The certificate comes last: a start that is cut short here begins anew.
  await writeWhole(keyFile, made.private, 0o600);
  await writeWhole(certFile, made.cert, 0o644);
  return { key: made.private, cert: made.cert };
}

async function readBoth(keyFile: string, certFile: string): Promise<KeyAndCertificate | null> {
  try {
    return { key: await readFile(keyFile, "utf8"), cert: await readFile(certFile, "utf8") };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}
