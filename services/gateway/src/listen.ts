import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { UnbrokenError } from "@unbroken/errors";
import type { KeyAndCertificate } from "./development-certificate.ts";
import { formatListenAddress, isLoopback, parseListenAddress } from "./listen-address.ts";

export interface Listener {
  /** HOST:PORT as bound. */
  readonly address: string;
  /** Takes no more connections; open ones stay. */
  close(): void;
}

export interface ListenerDeps {
  /** Looked at before anything is read or any handshake is made; false: the socket was refused. */
  readonly admit: (socket: Socket) => boolean;
  /** A connection over which MQTT can begin. */
  readonly onConnection: (socket: Socket) => void;
}

/** @throws UB_CONFIG_INVALID if passwords would travel in the clear without anybody having asked for it. */
export function assertPlainIsSafe(settings: {
  readonly plain: string;
  readonly plainAnywhere: boolean;
}): void {
  if (settings.plainAnywhere || isLoopback(parseListenAddress(settings.plain).host)) return;
  throw new UnbrokenError(
    "UB_CONFIG_INVALID",
    `mqtt.plain is ${settings.plain}, where others can listen in: use mqtt.tls, or set mqtt.plainAnywhere to true`,
    { setting: "mqtt.plain", other: "mqtt.plainAnywhere" },
  );
}

export async function listenPlain(at: string, deps: ListenerDeps): Promise<Listener> {
  const server = createTcpServer({ noDelay: true }, (socket) => {
    if (deps.admit(socket)) deps.onConnection(socket);
  });
  return bind(server, at, "mqtt.plain");
}

export async function listenTls(
  at: string,
  identity: KeyAndCertificate,
  handshakeTimeoutMs: number,
  deps: ListenerDeps,
): Promise<Listener> {
  const tls = createTlsServer(
    { ...identity, minVersion: "TLSv1.2", handshakeTimeout: handshakeTimeoutMs },
    (socket) => {
      deps.onConnection(socket);
    },
  );
  // A failed handshake ends its socket by itself; without a listener here it would stay open.
  tls.on("tlsClientError", (_error, socket) => {
    socket.destroy();
  });
  // Who may not come in costs no handshake.
  const server = createTcpServer({ noDelay: true }, (socket) => {
    if (deps.admit(socket)) tls.emit("connection", socket);
  });
  return bind(server, at, "mqtt.tls");
}

async function bind(server: Server, at: string, setting: string): Promise<Listener> {
  const { host, port } = parseListenAddress(at);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new UnbrokenError(
          error.code === "EADDRINUSE" ? "UB_PORT_IN_USE" : "UB_START_FAILED",
          `${setting} cannot listen on ${at}: ${error.message}`,
          { setting, address: at },
          { cause: error },
        ),
      );
    });
    server.listen({ host, port, backlog: 4_096 }, resolve);
  });
  // A server that listens on a TCP port has an address of this kind.
  const address = server.address() as AddressInfo;
  return {
    address: formatListenAddress(address),
    close: () => {
      server.close();
    },
  };
}
