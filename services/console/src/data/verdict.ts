import type { VerdictDocument } from "@unbroken/detection";
import { getJson } from "./api.ts";
import type { Range } from "./envelope.ts";

/** The judge's document for a stretch of time, and by which profile it was made. */
export interface VerdictAnswer extends VerdictDocument {
  readonly from: string;
  readonly to: string;
  /** The id of the profile; its version is `profile_hash`. */
  readonly profile: string;
  readonly confirmed: boolean;
}

export interface Place {
  readonly organisation: string;
  readonly space: string;
}

export async function fetchVerdict(
  { organisation, space }: Place,
  { from, to }: Range,
  signal: AbortSignal,
): Promise<VerdictAnswer> {
  const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const path = `/organisations/${encodeURIComponent(organisation)}/spaces/${encodeURIComponent(space)}/verdict`;
  return await getJson<VerdictAnswer>(path, query, signal);
}
