import { RequestRefused } from "./problem.ts";

const DEPTH_MAX = 32;

/** @throws UB_PAYLOAD_TOO_DEEP; level by level, so that the check itself cannot run out of stack. */
export function refuseDeep(body: unknown): void {
  let level: readonly unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX)
      throw new RequestRefused(
        "UB_PAYLOAD_TOO_DEEP",
        `the body is nested deeper than ${DEPTH_MAX} levels`,
      );
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
}
