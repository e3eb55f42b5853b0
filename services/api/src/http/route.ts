import type { Code } from "@unbroken/errors";
import type { Request } from "express";
import type { z } from "zod";
import type { Principal } from "./principal.ts";

/** Who may ask: whoever is logged in, anyone, or (metrics) whoever is logged in or on this machine. */
export type Access = "login" | "open" | "local";

export interface RouteRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Null only where access is not `login`. */
  readonly principal: Principal | null;
  readonly http: Request;
}

export interface Answer<T> {
  readonly body: T;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Shape<P, Q, B, R> {
  /** operationId */
  readonly id: string;
  readonly method: "get" | "post" | "put" | "delete";
  /** As express has it, `/api/v1/sites/:site`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access?: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Status of success, 200 unless stated. */
  readonly status?: number;
  /** Null where the answer has no JSON body. */
  readonly answer: R;
  /** Of an answer that is not JSON. */
  readonly mediaType?: string;
  /** Single resources: a weak ETag, and 304 for If-None-Match. */
  readonly etag?: boolean;
  /** Codes beyond those that any route can answer with. */
  readonly refusals?: readonly Code[];
}

type Strict = z.ZodObject;
type Of<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A route with its types erased, as the router and the OpenAPI document need it. */
export interface Route extends Shape<
  Strict | undefined,
  Strict | undefined,
  z.ZodType | undefined,
  z.ZodType | null
> {
  readonly handle: (request: RouteRequest<never, never, never>) => Promise<Answer<unknown>>;
}

/** Declares a route once: what is validated, answered and documented comes from the same schemas. */
export function route<
  P extends Strict | undefined = undefined,
  Q extends Strict | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | null = null,
>(
  spec: Shape<P, Q, B, R> & {
    readonly handle: (
      request: RouteRequest<Of<P>, Of<Q>, Of<B>>,
    ) =>
      | Answer<R extends z.ZodType ? z.input<R> : unknown>
      | Promise<Answer<R extends z.ZodType ? z.input<R> : unknown>>;
  },
): Route {
  // The router parses with these very schemas before it calls.
  const { handle } = spec as unknown as Route;
  return { ...(spec as unknown as Route), handle: async (request) => handle(request) };
}
