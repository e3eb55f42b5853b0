import { Settings } from "@unbroken/config";
import { channelContract } from "../testing/channel.contract.ts";
import { KEY } from "../testing/running-notifier.ts";
import { headersOf, receiveMail } from "../testing/mail-server.ts";
import { receiveWebhooks } from "../testing/webhook-receiver.ts";
import { emailChannel } from "./email-channel.ts";
import { webhookChannel } from "./webhook-channel.ts";

const STATUS = { takes: 204, "refuses for now": 503, "refuses for good": 410 } as const;

channelContract("a webhook", async () => {
  const receiver = await receiveWebhooks();
  const rules = { timeoutMs: 2_000, plainHttp: true, privateHosts: new Set(["127.0.0.1"]) };
  const taken: string[] = [];
  return {
    channel: webhookChannel({ key: KEY, rules, version: "0" }),
    target: { kind: "webhook", url: receiver.url, secret: 1 },
    taken() {
      for (const { headers, status } of receiver.received.splice(0))
        if (status === 204) taken.push(String(headers["webhook-id"]));
      return taken;
    },
    async answer(how) {
      if (how === "is gone") await receiver.close();
      else receiver.answer = { status: STATUS[how] };
    },
    close: () => receiver.close(),
  };
});

const REFUSAL = { takes: null, "refuses for now": 451, "refuses for good": 554 } as const;

channelContract("mail", async () => {
  const server = await receiveMail("plain");
  const { notify } = Settings.parse({
    notify: {
      smtp: `smtp://127.0.0.1:${server.port}`,
      smtpPlain: true,
      mailFrom: "alerts@cold.example",
      timeout: "PT2S",
    },
  });
  return {
    channel: emailChannel(notify),
    target: { kind: "email", address: "li@cold.example" },
    taken: () =>
      server.mails.map(
        (mail) => /^<(.*)@/.exec(headersOf(mail).get("message-id") ?? "")?.[1] ?? "",
      ),
    async answer(how) {
      if (how === "is gone") await server.close();
      else server.refuse = REFUSAL[how];
    },
    close: () => server.close(),
  };
});
