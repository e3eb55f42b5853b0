import { UnbrokenError } from "@unbroken/errors";
import { assignmentsOf, type Profile, type Registry } from "@unbroken/model";
import { RequestRefused } from "../http/problem.ts";
import {
  documentOf,
  documentOfHash,
  readyProfile,
  type NamedDocument,
} from "../profile-library.ts";
import { overlap } from "./sought-sensors.ts";

export interface Judging {
  readonly profile: Profile;
  readonly document: NamedDocument;
}

/**
 * The profile that a question names by id or hash.
 * @throws UB_PROFILE_UNKNOWN
 */
export function namedProfile(registry: Registry, organisation: string, named: string): Judging {
  const byHash = /^[0-9a-f]{64}$/.test(named)
    ? documentOfHash(registry, organisation, named)
    : null;
  return readyJudging(byHash ?? documentOf(registry, organisation, named));
}

export interface Ruled {
  readonly hash: string;
  readonly from: number;
  readonly to: number;
}

/** Which profiles ruled a space in a span, in the order of time. */
export function ruledBy(
  registry: Registry,
  organisation: string,
  space: string,
  span: { readonly from: number; readonly to: number },
): readonly Ruled[] {
  return assignmentsOf(registry, organisation, space).flatMap((assignment) =>
    overlap(assignment, span).map((part) => ({ hash: assignment.hash, ...part })),
  );
}

/**
 * The profile that ruled last.
 * @throws UB_REQUEST_INVALID if none did: name one
 */
export function lastRuling(
  registry: Registry,
  organisation: string,
  ruled: readonly Ruled[],
): Judging {
  const hash = ruled.at(-1)?.hash;
  const document = hash === undefined ? null : documentOfHash(registry, organisation, hash);
  if (document !== null) return readyJudging(document);
  const detail = "no profile ruled in this time; name one by its id or hash";
  throw new RequestRefused("UB_REQUEST_INVALID", `/query/profile: ${detail}`, [
    { pointer: "/query/profile", detail },
  ]);
}

function readyJudging(document: NamedDocument): Judging {
  const profile = readyProfile(document.hash, document.document);
  // Stated by a later version of the language than this one.
  if (profile === null) throw new UnbrokenError("UB_PROFILE_INVALID");
  return { profile, document };
}
