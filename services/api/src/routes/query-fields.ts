import { IsoTime, OrganisationId, SpaceId, momentOf } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { z } from "zod";
import { RequestRefused } from "../http/problem.ts";

export const LIMIT_MAX = 1_000;

/** What every paged list takes. */
export const paging = {
  cursor: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: "`next` of the page before, to go on after it" }),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
};

export const organisationField = { organisation: OrganisationId.optional() };

export const span = {
  from: IsoTime.optional().meta({ description: "inclusive" }),
  to: IsoTime.optional().meta({ description: "exclusive" }),
};

/** What was known at a moment of our clock. */
export const asOfField = {
  as_of: IsoTime.optional().meta({
    description:
      "as it was said at this moment, whatever came in later; as it is said now unless stated",
  }),
};

export const organisationPath = z.strictObject({ organisation: OrganisationId });
export const spacePath = z.strictObject({ organisation: OrganisationId, space: SpaceId });

export const flag = z.enum(["true", "false"]);

export function isSet(value: z.output<typeof flag> | undefined): boolean | undefined {
  return value === undefined ? undefined : value === "true";
}

/** @throws UB_REQUEST_INVALID if `from` is not before `to` */
export function spanOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  whole: { readonly from: number; readonly to: number },
): { readonly from: EpochMs; readonly to: EpochMs } {
  const from = query.from === undefined ? EpochMs(whole.from) : momentOf(query.from);
  const to = query.to === undefined ? EpochMs(whole.to) : momentOf(query.to);
  if (from < to) return { from, to };
  throw new RequestRefused("UB_REQUEST_INVALID", "/query/from: from must be before to", [
    { pointer: "/query/from", detail: "from must be before to" },
  ]);
}
