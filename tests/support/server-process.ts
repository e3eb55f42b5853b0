import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What `unbroken start` says when it is ready. */
export interface Ready {
  readonly mqtt: string;
  readonly mqtts: string;
  readonly http: string;
  readonly feed: string;
  readonly token?: string;
}

export interface ServerProcess {
  readonly pid: number;
  readonly ready: Ready;
  readonly process: ChildProcess;
  /** Ends it as nothing in it can notice. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const UNBROKEN = fileURLToPath(
  new URL("../../services/unbroken/bin/unbroken.mjs", import.meta.url),
);

/** Starts the real server, under another program where one is given (`strace …`). */
export async function startServer(
  dir: string,
  addresses: { readonly mqtt: string; readonly http: string },
  options: {
    readonly under?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<ServerProcess> {
  const command = [
    ...(options.under ?? []),
    process.execPath,
    UNBROKEN,
    "start",
    "--data",
    dir,
    "--mqtt",
    addresses.mqtt,
    "--http",
    addresses.http,
  ];
  const child = spawn(command[0] ?? "", command.slice(1), {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, UNBROKEN_OBSERVABILITY_LOG_LEVEL: "error", ...options.environment },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { stdout, pid } = child;
  if (pid === undefined) throw new Error("the server could not be started");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error("the server ended before it was ready");
  return {
    pid,
    ready: JSON.parse(first.value) as Ready,
    process: child,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      // Under another program it is the server that must end, and the other with it.
      if (options.under === undefined) child.kill("SIGTERM");
      else for (const server of childrenOf(pid)) process.kill(server, "SIGTERM");
      await exited;
    },
  };
}

/** proc(5): /proc/PID/task/TID/children. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((text) => text !== "")
    .map(Number);
}

/** The administrator's view of a running server. */
export class Admin {
  readonly #base: string;
  readonly #token: string;

  constructor(http: string, token: string) {
    this.#base = `${http}/api/v1/`;
    this.#token = token;
  }

  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async all(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = [];
    for (let cursor: string | null = null; ;) {
      const at: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await this.request(
        "GET",
        `${path}${path.includes("?") ? "&" : "?"}limit=1000${at}`,
      )) as {
        readonly items: readonly Readonly<Record<string, unknown>>[];
        readonly next: string | null;
      };
      found.push(...page.items);
      cursor = page.next;
      if (cursor === null) return found;
    }
  }
}
