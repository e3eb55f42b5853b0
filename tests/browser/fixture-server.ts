// Speaks the contract of API and feed with made-up rooms, so that the console can be looked at and tested in states that
// a real installation takes days to reach. Of the states nothing is judged here: that is the processor's work; verdicts
// are the real judge's.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { FeedMessage, type AlertView, type QuarantineView, type SpaceNow } from "@unbroken/model";
import { WebSocketServer, type WebSocket } from "ws";
import { acknowledged } from "./fixture-alerts.ts";
import { deviceFacts, signalReadings, spaceFacts, verdictOf } from "./fixture-evidence.ts";
import { Life } from "./fixture-life.ts";
import { busyRooms, calmRooms, type Room } from "./fixture-rooms.ts";

export type Scenario = "busy" | "calm" | "empty";
export const TOKEN = "let-me-in";
const rooms: Readonly<Record<Scenario, readonly Room[]>> = {
  busy: busyRooms,
  calm: calmRooms,
  empty: [],
};

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export class FixtureServer {
  readonly #lives: ReadonlyMap<string, Life>;
  readonly #spaces = new Map<string, SpaceNow>();
  readonly #quarantine: readonly QuarantineView[];
  readonly #consoleDir: string;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #revision = 0;
  #refusing = false;
  /** The next statement is refused. */
  refuseNext = false;
  #beat: NodeJS.Timeout | undefined;

  constructor(scenario: Scenario, consoleDir: string) {
    const now = Date.now();
    this.#lives = new Map(rooms[scenario].map((room) => [room.space, new Life(room, now)]));
    for (const [space, life] of this.#lives) this.#spaces.set(space, life.spaceNow());
    this.#quarantine = scenario === "busy" ? quarantineAt(now) : [];
    this.#consoleDir = consoleDir;
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#http.on("upgrade", (request, socket, head) => {
      if (this.#refusing || !isSignedIn(request)) {
        socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client));
    });
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(port, "127.0.0.1", resolve));
    this.#beat = setInterval(() => this.#send({ type: "heartbeat" }), 10_000);
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#beat);
    for (const client of this.#sockets.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  spaceNow(space: string): SpaceNow {
    const found = this.#spaces.get(space);
    if (found === undefined) throw new Error(`no such space: ${space}`);
    return found;
  }

  /** As the feed does when a space changes. */
  change(space: string, given: Partial<SpaceNow>): void {
    const changed = { ...this.spaceNow(space), ...given };
    this.#spaces.set(space, changed);
    this.#send({ type: "delta", spaces: [changed], quarantined: this.#quarantine.length });
  }

  openExcursion(excursion: SpaceNow["open"][number]): void {
    this.#send({ type: "excursion", change: "opened", excursion });
  }

  /** Cuts every feed; while refusing, no new one is let in. */
  cut(then: "refuse" | "accept"): void {
    this.#refusing = then === "refuse";
    for (const client of this.#sockets.clients) client.terminate();
  }

  accept(): void {
    this.#refusing = false;
  }

  #greet(client: WebSocket): void {
    client.once("message", () => client.send(JSON.stringify(this.#message(this.#snapshot()))));
  }

  #snapshot(): object {
    return {
      type: "snapshot",
      spaces: [...this.#spaces.values()],
      quarantined: this.#quarantine.length,
    };
  }

  #message(body: object): FeedMessage {
    this.#revision += 1;
    const head = { epoch: "fixture", revision: this.#revision, at: new Date().toISOString() };
    return FeedMessage.parse({ ...head, ...body });
  }

  #send(body: object): void {
    const text = JSON.stringify(this.#message(body));
    for (const client of this.#sockets.clients) client.send(text);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fixture");
    const path = url.pathname.slice("/api/v1".length);
    if (!url.pathname.startsWith("/api/")) await this.#file(url.pathname, response);
    else if (path === "/session") await session(request, response);
    else if (!isSignedIn(request)) problem(response, 401, "UB_AUTH_REQUIRED");
    else if (request.method === "POST") reply(response, this.#state(path, await bodyOf(request)));
    else reply(response, this.#resource(path, url.searchParams));
  }

  /** What is stated: an acknowledgement, or that a template's numbers are right. */
  #state(path: string, body: { readonly note?: string }): object | null {
    if (this.refuseNext) {
      this.refuseNext = false;
      return null;
    }
    const id = /\/alerts\/([^/]+)\/acknowledgements$/.exec(path)?.[1];
    if (id !== undefined) return this.#acknowledge(decodeURIComponent(id), body.note ?? null);
    const hash = /\/profiles\/([0-9a-f]{64})\/confirmation$/.exec(path)?.[1];
    if (hash === undefined) return null;
    for (const [space, { profile }] of this.#spaces)
      if (profile?.hash === hash) this.change(space, { profile: { ...profile, confirmed: true } });
    return {};
  }

  #acknowledge(id: string, note: string | null): AlertView | null {
    for (const [space, { alerts }] of this.#spaces) {
      const alert = alerts.find((one) => one.id === id);
      if (alert === undefined) continue;
      const taken = acknowledged(alert, note);
      this.change(space, { alerts: alerts.map((one) => (one.id === id ? taken : one)) });
      return taken;
    }
    return null;
  }

  #resource(path: string, query: URLSearchParams): object | null {
    const from = Date.parse(query.get("from") ?? "");
    const to = Date.parse(query.get("to") ?? "");
    if (path === "/envelope") {
      const sensor = query.get("sensor") ?? "";
      const life = this.#lives.get(sensor.replace(/-logger\/p\d+$/, ""));
      const index = Number(/\d+$/.exec(sensor)?.[0]) - 1;
      const buckets = life?.envelope(index, from, to, Number(query.get("buckets")));
      return { buckets: buckets ?? [] };
    }
    if (path === "/excursions") {
      const life = this.#lives.get(query.get("space") ?? "");
      return { items: life?.excursions(from, to) ?? [], next: null };
    }
    if (path === "/quarantine") return { items: this.#quarantine, next: null };
    const revisions = /^\/excursions\/(.+)\/revisions$/.exec(path)?.[1];
    if (revisions !== undefined) return this.#revisions(decodeURIComponent(revisions));
    if (path === "/readings") {
      const life = this.#lives.get((query.get("device") ?? "").replace(/-logger$/, ""));
      const quantity = query.get("quantity") === "defrost" ? "defrost" : "door_open";
      const items = life === undefined ? [] : signalReadings(life, quantity, from, to);
      return { items, next: null };
    }
    const device = /^\/organisations\/demo\/devices\/([^/]+)-logger\/facts$/.exec(path)?.[1];
    const [, space, part] =
      /^\/organisations\/demo\/spaces\/([^/]+)\/(timeline|verdict|facts)$/.exec(path) ?? [];
    const life = this.#lives.get(device ?? space ?? "");
    if (life === undefined) return null;
    if (device !== undefined) return { facts: deviceFacts(life) };
    if (part === "facts") return { facts: spaceFacts(life) };
    if (part === "verdict") return this.#verdict(life, from, to);
    // As the processor does, only the last two days are kept at hand.
    const kept = Math.max(from, life.now - 48 * 3_600_000);
    return { known_from: new Date(kept).toISOString(), stretches: life.timeline(kept, to) };
  }

  #verdict(life: Life, from: number, to: number): object | null {
    const document = verdictOf(life, from, to);
    const { profile } = life.room;
    if (document === null || profile === null) return null;
    return {
      organisation: "demo",
      space: life.room.space,
      sensor: null,
      from: new Date(from).toISOString(),
      to: new Date(Math.min(to, life.now)).toISOString(),
      profile: profile.id,
      confirmed: profile.confirmed,
      profiles: [],
      ...document,
    };
  }

  #revisions(id: string): object | null {
    const life = this.#lives.get(id.split("|")[0] ?? "");
    const excursion = life?.excursions(0, Date.now()).find((one) => one.id === id);
    if (excursion === undefined) return null;
    const changes = ["opened", "amended", "closed"] as const;
    const items = changes.slice(0, excursion.revision).map((change, i) => ({
      change,
      judged_at: new Date(Date.parse(excursion.since) + (i + 1) * 1_900_000).toISOString(),
      replaces: [],
      changed: change === "amended" ? ["since", "peak_c"] : [],
      replaced_by: [],
      excursion: { ...excursion, revision: i + 1 },
    }));
    return { revisions: items };
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const wanted = normalize(pathname).replace(/^(\.\.[/\\])+/, "");
    const name = extname(wanted) === "" ? "index.html" : wanted;
    try {
      const content = await readFile(join(this.#consoleDir, name));
      response.writeHead(200, {
        "content-type": types[extname(name)] ?? "application/octet-stream",
        "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function isSignedIn(request: IncomingMessage): boolean {
  return (request.headers.cookie ?? "").includes("unbroken_session=1");
}

async function bodyOf(request: IncomingMessage): Promise<{ readonly note?: string }> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return JSON.parse(Buffer.concat(chunks).toString()) as { note?: string };
}

async function session(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "DELETE") {
    response.writeHead(204, { "set-cookie": "unbroken_session=; Path=/; Max-Age=0" }).end();
    return;
  }
  if (request.method === "GET") {
    if (isSignedIn(request)) json(response, 200, {});
    else problem(response, 401, "UB_AUTH_REQUIRED");
    return;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const { token } = JSON.parse(Buffer.concat(chunks).toString()) as { token?: string };
  if (token !== TOKEN) {
    problem(response, 401, "UB_AUTH_FAILED");
    return;
  }
  response.setHeader("set-cookie", "unbroken_session=1; Path=/; HttpOnly; SameSite=Strict");
  json(response, 201, {});
}

function reply(response: ServerResponse, body: object | null): void {
  if (body === null) problem(response, 404, "UB_NOT_FOUND");
  else json(response, 200, body);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string): void {
  const body = { type: `urn:unbroken:error:${code}`, title: code, status, detail: code, code };
  response
    .writeHead(status, { "content-type": "application/problem+json" })
    .end(JSON.stringify(body));
}

function quarantineAt(now: number): readonly QuarantineView[] {
  const entry = (
    minutes: number,
    code: string,
    detail: string,
    pointer: string,
    payload: Uint8Array,
    device: string,
  ): QuarantineView => ({
    organisation: "demo",
    publisher: device,
    mqtt_topic: `unbroken/v1/demo/${device}/up`,
    received_at: new Date(now - minutes * 60_000).toISOString(),
    code,
    detail,
    pointer,
    offset: 100_000 - minutes,
    payload_base64: Buffer.from(payload).toString("base64"),
    payload_bytes: payload.length,
  });
  const text = (value: string) => Buffer.from(value);
  return [
    entry(
      2,
      "UB_PAYLOAD_NOT_JSON",
      "unexpected end of input at byte 21",
      "",
      text('{"temperature_c": 4.2'),
      "truck-7-logger",
    ),
    entry(
      9,
      "UB_TIME_IN_FUTURE",
      "2100-01-01T00:00:00Z lies 640,000 hours ahead of our clock",
      "/readings/3/t",
      text('{"readings":[{"temperature_c":-21.4,"t":"2100-01-01T00:00:00Z"}]}'),
      "freezer-3-logger",
    ),
    entry(
      64,
      "UB_PAYLOAD_NOT_UTF8",
      "byte 0xff at position 0",
      "",
      Uint8Array.of(255, 254, 0, 65, 17, 203, 9),
      "old-gateway-0001",
    ),
    entry(
      200,
      "UB_VALUE_RANGE",
      "1e308 is not a temperature",
      "/temperature_c",
      text('{"temperature_c":1e308}'),
      "chill-9-logger",
    ),
    entry(
      1_500,
      "UB_PAYLOAD_DUPLICATE_KEY",
      "the key temperature_c appears twice",
      "",
      text('{"temperature_c":4,"temperature_c":40}'),
      "chill-9-logger",
    ),
  ];
}
