import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Settings } from "@unbroken/config";
import { EpochMs } from "@unbroken/units";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodedQuoted, headersOf, receiveMail, type MailServer } from "../testing/mail-server.ts";
import { PLACE, parcelOf, warmAlert } from "../testing/parcels.ts";
import type { Parcel } from "./channel.ts";
import { emailChannel } from "./email-channel.ts";

let dir: string;
let server: MailServer | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "unbroken-mail-"));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(dir, { recursive: true });
});

async function listening(mode?: "starttls" | "plain" | "implicit"): Promise<MailServer> {
  server = await receiveMail(mode);
  writeFileSync(join(dir, "ca.pem"), server.certificate);
  return server;
}

async function send(
  smtp: string,
  change: Readonly<Record<string, unknown>> = {},
  parcel: Parcel = parcelOf(),
  address = "li@cold.example",
): Promise<void> {
  const { notify } = Settings.parse({
    notify: { smtp, mailFrom: "Unbroken <alerts@cold.example>", timeout: "PT5S", ...change },
  });
  const channel = emailChannel(notify);
  try {
    await channel.deliver(parcel, { kind: "email", address }, EpochMs(0));
  } finally {
    channel.close();
  }
}
const trusting = (): { readonly smtpCaFile: string } => ({ smtpCaFile: join(dir, "ca.pem") });

describe("a mail", () => {
  it("arrives over TLS at one recipient, with a subject that says place, what, since and worst", async () => {
    const { port, mails } = await listening();
    await send(`smtp://localhost:${port}`, trusting());
    expect(mails).toMatchObject([
      { from: "alerts@cold.example", to: ["li@cold.example"], isTls: true },
    ]);
    const headers = mails[0] === undefined ? new Map<string, string>() : headersOf(mails[0]);
    expect(headers.get("subject")).toBe(
      "【紧急】冷库 3（浦东）：超温（偏高），自 5月5日 08:00，最高 9.5 °C（限值 8 °C）",
    );
    expect(headers.get("message-id")).toBe("<msg_1@cold.example>");
    expect(headers.get("auto-submitted")).toBe("auto-generated");
    expect(headers.get("importance")).toBe("High");
  });

  it("has a text and a page, in the language of its reader", async () => {
    const { port, mails } = await listening();
    await send(`smtp://localhost:${port}`, trusting(), parcelOf({ language: "en" }));
    const raw = decodedQuoted(mails[0]?.raw ?? "");
    expect(raw).toContain("Content-Type: text/plain");
    expect(raw).toContain("Content-Type: text/html");
    expect(raw).toContain("[URGENT] 冷库 3, 浦东: too warm");
    expect(raw).toContain("https://cold.example/acknowledge/abc.def");
  });

  it("of one alert stands with the others of it, and each keeps its own id", async () => {
    const { port, mails } = await listening();
    const alert = warmAlert();
    await send(`smtp://localhost:${port}`, trusting(), parcelOf({ alert, id: "msg_1" }));
    await send(
      `smtp://localhost:${port}`,
      trusting(),
      parcelOf({ alert, id: "msg_2", kind: "over" }),
    );
    const [first, second] = mails.map(headersOf);
    expect(first?.get("references")).toBe(second?.get("references"));
    expect(first?.get("message-id")).not.toBe(second?.get("message-id"));
    expect(second?.get("importance")).toBeUndefined();
  });

  it.each([
    ["a line break and a header", "Room\r\nBcc: everybody@example.com"],
    ["a bare line feed", "Room\nBcc: everybody@example.com"],
    ["a bare carriage return", "Room\rBcc: everybody@example.com"],
    ["an encoded word that holds one", "=?utf-8?Q?Room=0D=0ABcc:_everybody@example.com?="],
  ])("has no further header or reader where a room's name holds %s", async (_, space) => {
    const { port, mails } = await listening();
    const parcel = parcelOf({ place: { ...PLACE, space } });
    await send(`smtp://localhost:${port}`, trusting(), parcel);
    const [mail] = mails;
    expect(mail?.to).toEqual(["li@cold.example"]);
    expect(mail === undefined ? null : [...headersOf(mail).keys()]).not.toContain("bcc");
  });

  it.each(["li@cold.example, everybody@example.com", "li@cold.example\r\nBcc: x@example.com"])(
    "goes to nobody else where an address is %j",
    async (address) => {
      const { port, mails } = await listening();
      await send(`smtp://localhost:${port}`, trusting(), parcelOf(), address).catch(
        () => undefined,
      );
      for (const { to } of mails) expect(to).not.toContain("everybody@example.com");
      for (const { to } of mails) expect(to).not.toContain("x@example.com");
      expect(mails.flatMap(({ to }) => to).length).toBeLessThan(2);
    },
  );
});

describe("the connection to a mail server", () => {
  it("logs in, and only over TLS", async () => {
    const { port, mails } = await listening();
    await send(`smtp://li:open%20sesame@localhost:${port}`, trusting());
    expect(mails).toMatchObject([{ user: "li", isTls: true }]);
  });

  it("may be TLS from its first byte", async () => {
    const { port, mails } = await listening("implicit");
    await send(`smtps://localhost:${port}`, trusting());
    expect(mails).toMatchObject([{ isTls: true }]);
  });

  it("is refused by us where its certificate is nobody's", async () => {
    const { port, mails } = await listening();
    await expect(send(`smtp://localhost:${port}`)).rejects.toMatchObject({
      code: "UB_NOTIFY_MAIL_INSECURE",
    });
    expect(mails).toEqual([]);
  });

  it("is refused by us where it offers no TLS, unless the settings permit that", async () => {
    const { port, mails } = await listening("plain");
    await expect(send(`smtp://localhost:${port}`)).rejects.toMatchObject({
      code: "UB_NOTIFY_MAIL_INSECURE",
    });
    expect(mails).toEqual([]);
    await send(`smtp://localhost:${port}`, { smtpPlain: true });
    expect(mails).toMatchObject([{ isTls: false }]);
  });

  it("is tried again later where nobody listens", async () => {
    const gone = await listening();
    const { port } = gone;
    await gone.close();
    await expect(send(`smtp://localhost:${port}`)).rejects.toMatchObject({
      code: "UB_NOTIFY_UNREACHABLE",
      retry: "later",
    });
    server = null;
  });
});

describe("what a mail server may answer", () => {
  it.each([
    [451, "UB_NOTIFY_REFUSED", "later"],
    [550, "UB_NOTIFY_GONE", "never"],
  ])("%s is %s, to be tried again: %s", async (status, code, retry) => {
    const found = await listening();
    found.refuse = status;
    const error: unknown = await send(`smtp://localhost:${found.port}`, trusting()).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code, retry });
    expect(String(error)).not.toContain("secret of the inside");
  });

  it("a wrong password is a setting that somebody will put right: tried again", async () => {
    const { port } = await listening();
    await expect(send(`smtp://li:wrong@localhost:${port}`, trusting())).rejects.toMatchObject({
      code: "UB_NOTIFY_REFUSED",
      retry: "later",
    });
  });
});

describe("settings of mail", () => {
  it("without a server: no mail, with a code that says so", async () => {
    await expect(send("")).rejects.toMatchObject({ code: "UB_NOTIFY_NO_MAIL" });
  });

  it("with a server and no sender are refused at the start", async () => {
    await expect(send("smtp://localhost:25", { mailFrom: "" })).rejects.toMatchObject({
      code: "UB_CONFIG_INVALID",
    });
  });
});
