import { readFileSync } from "node:fs";
import type { Settings } from "@unbroken/config";
import { UnbrokenError, type Code } from "@unbroken/errors";
import { durationOf } from "@unbroken/model";
import { createTransport } from "nodemailer";
import { oneLine } from "../message/compose-message.ts";
import type { Channel } from "./channel.ts";

type MailSettings = Pick<
  Settings["notify"],
  "smtp" | "smtpPlain" | "smtpCaFile" | "mailFrom" | "timeout"
>;

/**
 * Mail over SMTP, with TLS that is checked unless the settings permit none. One connection a message: alerts are few,
 * and a connection that was kept is one that may be dead.
 * @throws UB_CONFIG_INVALID where a mail server is set without a sender, or its certificates cannot be read
 */
export function emailChannel(settings: MailSettings): Channel<"email"> {
  const transport = transportOf(settings);
  return {
    kind: "email",
    async deliver({ id, organisation, alert, message }, { address }) {
      if (transport === null) throw new UnbrokenError("UB_NOTIFY_NO_MAIL");
      const domain = domainOf(settings.mailFrom);
      try {
        await transport.sendMail({
          from: settings.mailFrom,
          // As an object: an address is never read as a list of several.
          to: { name: "", address },
          subject: oneLine(message.headline),
          text: message.text,
          html: message.html,
          messageId: `<${id}@${domain}>`,
          // All mails of one alert stand together in the reader's inbox.
          references: [`<${organisation}.${alert}@${domain}>`],
          priority: message.urgency === "high" ? "high" : "normal",
          headers: {
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            "X-Unbroken-Alert": alert,
          },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (error) {
        throw mailError(error);
      }
    },
    close: () => transport?.close(),
  };
}

function transportOf(settings: MailSettings) {
  if (settings.smtp === "") return null;
  if (settings.mailFrom === "")
    throw new UnbrokenError(
      "UB_CONFIG_INVALID",
      "notify.mailFrom: a mail server needs a sender: Unbroken <alerts@cold.example>",
      { key: "notify.mailFrom" },
    );
  const { protocol, hostname, port, username, password } = new URL(settings.smtp);
  const secure = protocol === "smtps:";
  const timeoutMs = durationOf(settings.timeout);
  return createTransport({
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !settings.smtpPlain,
    ignoreTLS: false,
    ...(username === ""
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    tls: { minVersion: "TLSv1.2", ...caOf(settings.smtpCaFile) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
}

function caOf(file: string): { readonly ca?: string } {
  if (file === "") return {};
  try {
    return { ca: readFileSync(file, "utf8") };
  } catch (cause) {
    const message = `notify.smtpCaFile: ${(cause as Error).message}`;
    throw new UnbrokenError("UB_CONFIG_INVALID", message, { key: "notify.smtpCaFile" }, { cause });
  }
}

function domainOf(from: string): string {
  return /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? "localhost";
}

/** What went wrong, by the codes of SMTP (RFC 5321 §4.2.1) and of the connection; never in the server's own words. */
function mailError(error: unknown): UnbrokenError {
  const { code, responseCode, message } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly message?: string;
  };
  const of = (ours: Code, text: string): UnbrokenError => new UnbrokenError(ours, text);
  if (code === "ETLS") return of("UB_NOTIFY_MAIL_INSECURE", "the mail server offers no TLS");
  // nodemailer puts its own code over that of TLS; the text is OpenSSL's or Node's, not the server's.
  if (code === "ESOCKET" && /certificate|altname/i.test(message ?? ""))
    return of("UB_NOTIFY_MAIL_INSECURE", "the mail server's certificate cannot be trusted");
  if (responseCode === undefined) return of("UB_NOTIFY_UNREACHABLE", `mail server: ${code ?? "?"}`);
  // 5yz of a message or its receiver is for good; of a login it is a setting that can be put right.
  const isForGood = responseCode >= 500 && code !== "EAUTH";
  return of(
    isForGood ? "UB_NOTIFY_GONE" : "UB_NOTIFY_REFUSED",
    `the mail server answered ${responseCode}`,
  );
}
