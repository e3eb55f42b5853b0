import { connect, type Socket } from "node:net";
import { generate, parser, type Packet, type IConnectPacket } from "mqtt-packet";
import { parseListenAddress } from "../listen-address.ts";

/** A TCP connection that says whatever the test wants, and hears every packet that comes back. */
export interface RawClient {
  readonly socket: Socket;
  readonly received: readonly Packet[];
  /** When the other side ended the connection, in ms on the monotonic clock; null while it is open. */
  readonly endedAt: () => number | null;
  send(bytes: Uint8Array | Packet): void;
  /** The next packet of this kind that has not been asked for yet; rejects if the connection ends first. */
  next<C extends Packet["cmd"]>(cmd: C): Promise<Extract<Packet, { cmd: C }>>;
  ended(): Promise<void>;
}

export async function connectRaw(address: string): Promise<RawClient> {
  const socket = connect(parseListenAddress(address));
  const received: Packet[] = [];
  const unread: Packet[] = [];
  const watchers = new Set<() => void>();
  let endedAt: number | null = null;
  const changed = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  const parse = parser();
  parse.on("packet", (packet) => {
    received.push(packet);
    unread.push(packet);
    changed();
  });
  socket.on("data", (bytes) => parse.parse(bytes));
  socket.on("error", () => undefined);
  socket.on("close", () => {
    endedAt = performance.now();
    changed();
  });
  // Who is refused may learn of it before it learns that it was connected.
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.once("close", () => resolve());
  });
  const when = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        const found = look();
        if (found === undefined && endedAt === null) return;
        watchers.delete(watcher);
        if (found === undefined) reject(new Error("the connection ended"));
        else resolve(found);
      };
      watchers.add(watcher);
      watcher();
    });
  return {
    socket,
    received,
    endedAt: () => endedAt,
    send: (bytes) => socket.write(bytes instanceof Uint8Array ? bytes : generate(bytes)),
    next: <C extends Packet["cmd"]>(cmd: C) =>
      when(() => {
        const at = unread.findIndex((packet) => packet.cmd === cmd);
        // Found by its cmd, which is what tells the packets apart.
        return at < 0 ? undefined : (unread.splice(at, 1)[0] as Extract<Packet, { cmd: C }>);
      }),
    ended: async () => {
      await when(() => endedAt ?? undefined);
    },
  };
}

export function connectPacket(fields: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    clientId: "raw",
    keepalive: 60,
    ...fields,
  };
}
