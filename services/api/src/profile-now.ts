import { assignmentsOf, type Profile, type Registry } from "@unbroken/model";
import { profileOfHash } from "./profile-library.ts";

/** The profile that holds for a space at `now`; null if none is assigned. */
export function profileNow(
  registry: Registry,
  organisation: string,
  space: string,
  now: number,
): Profile | null {
  const assignment = assignmentsOf(registry, organisation, space).find(
    ({ from, to }) => from <= now && (to === null || to > now),
  );
  return assignment === undefined ? null : profileOfHash(registry, organisation, assignment.hash);
}
