import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface WebhookPost {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isSigned: boolean;
}

/** Takes webhooks as their standard says, with the secret that it was given. */
export class WebhookReceiver {
  readonly posts: WebhookPost[] = [];
  secret = "";
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const header = (name: string): string => String(request.headers[`webhook-${name}`]);
      const key = Buffer.from(this.secret.replace("whsec_", ""), "base64");
      const signature = createHmac("sha256", key)
        .update(`${header("id")}.${header("timestamp")}.${body}`)
        .digest("base64");
      this.posts.push({
        ...(JSON.parse(body) as Pick<WebhookPost, "type" | "data">),
        id: header("id"),
        isSigned: header("signature") === `v1,${signature}`,
      });
      response.writeHead(204).end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
