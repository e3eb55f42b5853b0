import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { FeedClient } from "./feed-client.ts";

// Real sockets with a reader that the test can stop: the kernel's buffers fill first, then ours.

const MESSAGE = "x".repeat(64 * 1_024);
let server: Server;
let reader: Socket;
let socket: WebSocket;
let client: FeedClient;

beforeEach(async () => {
  server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connected = once(sockets, "connection") as Promise<[WebSocket]>;
  reader = connect(port, "127.0.0.1");
  reader.write(
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  [socket] = await connected;
  reader.pause();
  client = new FeedClient(socket, {
    name: "admin",
    by: "token",
    expiresAt: null,
    holds: () => true,
  });
});

afterEach(() => {
  reader.destroy();
  socket.terminate();
  server.close();
});

function sendUntilRefused(): number {
  for (let sent = 0; sent < 10_000; sent++) if (!client.send(MESSAGE, 0)) return sent;
  throw new Error("never refused");
}

describe("a client that does not read", () => {
  it("has little more than 1 MiB kept for it, however much there would be", () => {
    sendUntilRefused();
    for (let i = 0; i < 1_000; i++) client.send(MESSAGE, 1);
    expect(client.waitingBytes).toBeLessThan(1_048_576 + 2 * MESSAGE.length);
    expect(client.check(1)).toBe("waiting");
  });

  it("is stuck after ten seconds without progress", () => {
    sendUntilRefused();
    expect(client.check(10_000)).toBe("waiting");
    expect(client.check(10_001)).toBe("stuck");
  });

  it("is drained once it reads again, and is then sent to again after its snapshot", async () => {
    sendUntilRefused();
    reader.resume();
    await expect.poll(() => client.check(2), { timeout: 10_000 }).toBe("drained");
    expect(client.send(MESSAGE, 3)).toBe(false);
    client.sendSnapshot("{}");
    expect(client.send(MESSAGE, 4)).toBe(true);
    expect(client.check(5)).toBe("fine");
  });

  it("is not taken for slow because its snapshot is large", () => {
    client.sendSnapshot("x".repeat(8 * 1_048_576));
    expect(client.send(MESSAGE, 0)).toBe(true);
    expect(client.check(1)).toBe("fine");
  });
});
