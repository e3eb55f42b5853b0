import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly isTls: boolean;
  readonly user: string | null;
  /** As it came: headers, an empty line, the rest. */
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  /** PEM of the certificate that it shows, signed by itself. */
  readonly certificate: string;
  readonly mails: Mail[];
  /** The SMTP status with which each mail is refused; null: taken. */
  refuse: number | null;
  close(): Promise<void>;
}

/** A real SMTP server on this machine, with STARTTLS unless `plain`, and TLS from the first byte with `implicit`. */
export async function receiveMail(
  mode: "starttls" | "plain" | "implicit" = "starttls",
): Promise<MailServer> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
  const server = new SMTPServer({
    key: made.private,
    cert: made.cert,
    secure: mode === "implicit",
    authOptional: true,
    ...(mode === "plain" ? { disabledCommands: ["STARTTLS"] } : {}),
    onAuth(auth, _session, callback) {
      if (auth.password === "open sesame") callback(null, { user: auth.username ?? "" });
      else callback(Object.assign(new Error("no"), { responseCode: 535 }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (found.refuse !== null) {
          callback(
            Object.assign(new Error("secret of the inside"), { responseCode: found.refuse }),
          );
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        found.mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isTls: session.secure,
          user: typeof session.user === "string" ? session.user : null,
          raw: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  // Clients that distrust the certificate leave without taking leave.
  server.on("error", () => undefined);
  const listening = await new Promise<ReturnType<SMTPServer["listen"]>>((resolve) => {
    const tcp = server.listen(0, "127.0.0.1", () => resolve(tcp));
  });
  const found: MailServer = {
    port: (listening.address() as AddressInfo).port,
    certificate: made.cert,
    mails: [],
    refuse: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return found;
}

/** Header fields by lower-case name: unfolded (RFC 5322 §2.2.3), encoded words decoded (RFC 2047 §2). */
export function headersOf({ raw }: Mail): ReadonlyMap<string, string> {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
  return new Map(
    head.split("\r\n").map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), decodedWords(line.slice(at + 1).trim())] as const;
    }),
  );
}

function decodedWords(text: string): string {
  const joined = text.replaceAll(/\?=\s+=\?/g, "?==?");
  return joined.replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
    encoding.toLowerCase() === "b"
      ? Buffer.from(word, "base64").toString()
      : decodedQuoted(word.replaceAll("_", " ")),
  );
}

/** Quoted-printable (RFC 2045 §6.7), whole: soft line breaks too. */
export function decodedQuoted(text: string): string {
  const bytes = text
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
