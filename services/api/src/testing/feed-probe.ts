import { once } from "node:events";
import { FeedMessage } from "@unbroken/model";
import WebSocket, { type ClientOptions } from "ws";
import { TOKEN } from "./running-api.ts";

type Of<T extends FeedMessage["type"]> = Extract<FeedMessage, { readonly type: T }>;

/** A client of the feed that keeps what it is told, each message parsed by its schema. */
export class FeedProbe {
  readonly messages: FeedMessage[] = [];
  readonly socket: WebSocket;
  #taken = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.messages.push(FeedMessage.parse(JSON.parse((data as Buffer).toString())));
      this.#wake();
    });
  }

  static async open(url: string, options: ClientOptions = {}): Promise<FeedProbe> {
    const headers = options.headers ?? { authorization: `Bearer ${TOKEN}` };
    const socket = new WebSocket(url, { ...options, headers });
    const probe = new FeedProbe(socket);
    await once(socket, "open");
    return probe;
  }

  subscribe(request: Readonly<Record<string, unknown>> = {}): void {
    this.socket.send(JSON.stringify({ type: "subscribe", ...request }));
  }

  /** The next message that was not taken yet, heartbeats passed over. */
  async next<T extends FeedMessage["type"]>(...types: readonly T[]): Promise<Of<T>> {
    for (;;) {
      const message = this.messages[this.#taken];
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#taken += 1;
      if (message.type === "heartbeat") continue;
      if (!(types as readonly string[]).includes(message.type))
        throw new Error(
          `${types.join(" or ")} was expected, ${JSON.stringify(message).slice(0, 300)} came`,
        );
      return message as Of<T>;
    }
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.socket, "close")) as [number];
    return code;
  }

  close(): void {
    this.socket.terminate();
  }
}

/** The status with which an upgrade is refused; 101 if it is not. */
export async function upgradeStatus(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.once("unexpected-response", (_, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    // A refusal that was answered may still report its end as an error.
    socket.on("error", reject);
  });
}
