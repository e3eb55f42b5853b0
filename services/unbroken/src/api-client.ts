import { UnbrokenError, isCode } from "@unbroken/errors";

/** A running server, as the commands see it. */
export interface ApiClient {
  /** @throws UnbrokenError with the server's code, or UB_START_FAILED if nobody answers. */
  request(method: "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<unknown>;
  /** Every item of a paged list. */
  list(path: string): AsyncIterable<unknown>;
}

export function apiClient(server: string, token: string): ApiClient {
  const base = new URL("api/v1/", server.endsWith("/") ? server : `${server}/`);
  async function request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, base), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new UnbrokenError(
        "UB_START_FAILED",
        `nobody answers at ${base.origin}: is the server running?`,
        {},
        { cause },
      );
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return answer;
    throw problemOf(response.status, answer);
  }
  return {
    request,
    async *list(path) {
      for (let cursor: string | null = null; ;) {
        const separator = path.includes("?") ? "&" : "?";
        const at: string =
          cursor === null ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`;
        const page = (await request("GET", at)) as {
          readonly items: readonly unknown[];
          readonly next: string | null;
        };
        yield* page.items;
        cursor = page.next;
        if (cursor === null) return;
      }
    },
  };
}

function problemOf(status: number, answer: unknown): UnbrokenError {
  const problem = (typeof answer === "object" && answer !== null ? answer : {}) as {
    readonly code?: unknown;
    readonly detail?: unknown;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
  const code =
    typeof problem.code === "string" && isCode(problem.code) ? problem.code : "UB_INTERNAL";
  const detail =
    typeof problem.detail === "string" ? problem.detail : `the server answered ${status}`;
  // The detail already names the first field that is wrong.
  const fields = (problem.errors ?? [])
    .map(({ pointer, detail: what }) => `${pointer}: ${what}`)
    .filter((field) => !detail.includes(field));
  return new UnbrokenError(code, [detail, ...fields].join("; "));
}
