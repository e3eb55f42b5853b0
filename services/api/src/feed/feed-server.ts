import { STATUS_CODES, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { codes, UnbrokenError, type Code } from "@unbroken/errors";
import { WebSocketServer, type WebSocket } from "ws";
import type { Gatekeeper } from "../http/gatekeeper.ts";
import type { Principal } from "../http/principal.ts";
import { FeedClient } from "./feed-client.ts";
import type { FeedHub } from "./feed-hub.ts";
import type { FeedTickets } from "./feed-tickets.ts";

export const FEED_PATH = "/api/v1/feed";

const MESSAGE_BYTES_MAX = 16_384;
const FRAGMENTS_MAX = 16;

export interface FeedServerDeps {
  readonly hub: FeedHub;
  readonly gatekeeper: Gatekeeper;
  readonly tickets: FeedTickets;
  readonly clientsMax: number;
}

/** Takes websocket upgrades at FEED_PATH: from allowed pages, by who is logged in, up to a number of clients. */
export function mountFeed(server: Server, deps: FeedServerDeps): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
    perMessageDeflate: false,
    clientTracking: false,
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const admitted = admit(request, deps);
    if (typeof admitted === "string") refuse(socket, admitted);
    else
      sockets.handleUpgrade(request, socket, head, (opened) => follow(opened, admitted, deps.hub));
  });
}

function admit(
  request: IncomingMessage,
  { hub, gatekeeper, tickets, clientsMax }: FeedServerDeps,
): Principal | Code {
  const url = new URL(`http://feed${request.url ?? "/"}`);
  if (url.pathname !== FEED_PATH) return "UB_NOT_FOUND";
  // A page elsewhere can open a websocket with our cookie: the origin is what tells it apart (RFC 6455 §10.2).
  const { origin, host } = request.headers;
  if (origin !== undefined && !gatekeeper.isAllowedOrigin(origin, host)) return "UB_ORIGIN_REFUSED";
  const ticket = url.searchParams.get("ticket");
  try {
    const principal = ticket === null ? gatekeeper.principalOf(request) : tickets.redeem(ticket);
    if (principal === null) return ticket === null ? "UB_AUTH_REQUIRED" : "UB_AUTH_FAILED";
    return hub.size >= clientsMax ? "UB_FEED_FULL" : principal;
  } catch (error) {
    if (error instanceof UnbrokenError) return error.code;
    throw error;
  }
}

function refuse(socket: Duplex, code: Code): void {
  const { status, means } = codes[code];
  const body = JSON.stringify({
    type: `urn:unbroken:error:${code}`,
    title: means,
    status,
    detail: means,
    code,
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function follow(socket: WebSocket, principal: Principal, hub: FeedHub): void {
  const client = new FeedClient(socket, principal);
  hub.add(client);
  socket.on("pong", () => {
    client.alive = true;
  });
  socket.on("message", (data, isBinary) => {
    client.alive = true;
    if (isBinary) client.close(1003, "text is expected");
    // With the default binaryType a text message comes as one Buffer.
    else hub.hear(client, (data as Buffer).toString());
  });
  // Protocol errors and oversized messages end the connection with their own code; nothing else is to be done.
  socket.on("error", () => undefined);
  socket.on("close", () => hub.remove(client));
}
