import { UnbrokenError, codes, type Code } from "@unbroken/errors";
import type { Problem } from "@unbroken/model";
import type { z } from "zod";
import { ProfileRefused } from "../profile-library.ts";

/** One field that is wrong: where (RFC 6901) and why. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** A request that is answered with a problem (RFC 9457) under a stable code. */
export class RequestRefused extends UnbrokenError {
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: Code,
    message?: string,
    errors: readonly FieldError[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message);
    this.errors = errors;
    this.headers = headers;
  }
}

/** Pointers into the body are bare, as RFC 9457 §3 has them; others begin with `/query` or `/path`. */
export function fieldErrors(
  issues: readonly z.core.$ZodIssue[],
  prefix: "" | "/query" | "/path",
): readonly FieldError[] {
  return issues.flatMap((issue): FieldError[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          pointer: pointerTo(prefix, [...issue.path, key]),
          detail: `no ${prefix === "/query" ? "query parameter" : "field"} is called ${key}`,
        }))
      : [{ pointer: pointerTo(prefix, issue.path), detail: issue.message }],
  );
}

function pointerTo(prefix: string, path: readonly PropertyKey[]): string {
  const escaped = path.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"));
  return prefix + escaped.map((key) => `/${key}`).join("");
}

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
}

/** Any error as a problem. What is not an operating error of ours says nothing of its insides. */
export function problemOf(error: unknown, instance: string): ProblemAnswer {
  const known = knownError(error);
  const code = known?.code ?? "UB_INTERNAL";
  const { status, means } = codes[code];
  const errors =
    known instanceof RequestRefused
      ? known.errors
      : known instanceof ProfileRefused
        ? known.problems.map(({ pointer, message }) => ({ pointer, detail: message }))
        : [];
  return {
    status,
    headers: known instanceof RequestRefused ? known.headers : {},
    problem: {
      type: `urn:unbroken:error:${code}`,
      title: means,
      status,
      // A fault of ours may name files and statements; those stand in the log, not in the answer.
      detail: known === null || status >= 500 ? means : known.message,
      code,
      instance,
      ...(errors.length === 0 ? {} : { errors: errors.map((each) => ({ ...each })) }),
    },
  };
}

function knownError(error: unknown): UnbrokenError | null {
  if (error instanceof UnbrokenError) return error;
  // The body parser and the router of express say what was wrong with a request by `status` and `type`.
  if (!(error instanceof Error) || !("status" in error)) return null;
  const type = "type" in error ? error.type : undefined;
  if (type === "entity.too.large")
    return new RequestRefused("UB_REQUEST_TOO_LARGE", "the body is larger than 256 KiB");
  if (type === "entity.parse.failed")
    return new RequestRefused("UB_REQUEST_INVALID", "the body is not JSON");
  return typeof error.status === "number" && error.status >= 400 && error.status < 500
    ? new RequestRefused("UB_REQUEST_INVALID", error.message)
    : null;
}
