import type { Problem } from "@unbroken/model";

/** What the server answered instead of the thing asked for; `code` is stable (RFC 9457 with our code). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

let onSignedOut: () => void = () => undefined;

/** Called whenever the server says that the session is over. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** @throws ApiProblem for an answer other than 2xx, TypeError when there was no answer. */
export async function getJson<T>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<T> {
  const response = await request(addressOf(path, query), signal === undefined ? {} : { signal });
  // The server's schemas are the contract; tests and development builds check the feed against them.
  return (await response.json()) as T;
}

/** States something. @throws ApiProblem for an answer other than 2xx, TypeError when there was no answer. */
export async function postJson<T>(path: string, body: object): Promise<T> {
  const response = await request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** `network` where there was no answer, otherwise the stable code of the problem. */
export function codeOf(problem: unknown): string {
  return problem instanceof ApiProblem ? problem.code : "network";
}

export async function request(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("accept", "application/json");
  const response = await fetch(`/api/v1${path}`, { ...init, headers, credentials: "same-origin" });
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401 && path !== "/session") onSignedOut();
  throw problem;
}

export function addressOf(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const code = body?.code ?? `HTTP ${response.status}`;
  return new ApiProblem(response.status, code, body?.detail ?? response.statusText);
}
