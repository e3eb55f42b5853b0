import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
  /** How it was answered; null: not at all. */
  readonly status: number | null;
}

/** A real HTTP server that keeps what it is sent. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** How it answers from now on: a status, with headers; or not at all. */
  answer: { status: number; headers?: Record<string, string>; body?: string } | "nothing";
  close(): Promise<void>;
}

export async function receiveWebhooks(): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { answer } = receiver;
      const status = answer === "nothing" ? null : answer.status;
      receiver.received.push({ headers: request.headers, body, path: request.url ?? "", status });
      if (answer === "nothing") return;
      response.writeHead(answer.status, answer.headers ?? {});
      response.end(answer.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    answer: { status: 204 },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}

/**
 * As a receiver checks it by https://www.standardwebhooks.com, written from that page alone: HMAC-SHA256, keyed with the
 * base64 after `whsec_`, over id, time and body with dots between.
 */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const header = (name: string): string => String(headers[name]);
  const signed = [header("webhook-id"), header("webhook-timestamp"), body].join(".");
  const key = Buffer.from(secret.split("_")[1] ?? "", "base64");
  const right = createHmac("sha256", key).update(signed, "utf8").digest("base64");
  return header("webhook-signature").split(" ").includes(`v1,${right}`);
}
