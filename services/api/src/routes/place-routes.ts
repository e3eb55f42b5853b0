import {
  DeclareSite,
  DeclareSpace,
  DeclareVehicle,
  OrganisationId,
  SiteId,
  SiteView,
  SpaceNow,
  VehicleId,
  VehicleView,
  keyOf,
  pageOf,
} from "@unbroken/model";
import { z } from "zod";
import type { Board } from "../board/board.ts";
import type { Commands } from "../commands.ts";
import type { FactBook } from "../fact-book.ts";
import { RequestRefused } from "../http/problem.ts";
import { route, type Route, type RouteRequest } from "../http/route.ts";
import { pageByKey } from "../queries/paged-list.ts";
import { siteView, vehicleView } from "../views.ts";
import { AssignProfile } from "./api-schemas.ts";
import { organisationField, paging, spacePath } from "./query-fields.ts";

export interface PlaceDeps {
  readonly book: FactBook;
  readonly board: Board;
  readonly commands: Commands;
}

const ListQuery = z.strictObject({ ...organisationField, ...paging });
const SpacesQuery = z.strictObject({
  ...organisationField,
  condition: SpaceNow.shape.condition.optional(),
  ...paging,
});

/** Sites, vehicles and spaces: what is declared, and how it stands now. */
export function placeRoutes(deps: PlaceDeps): readonly Route[] {
  return [...siteRoutes(deps), ...vehicleRoutes(deps), ...spaceRoutes(deps)];
}

function siteRoutes({ book, commands }: PlaceDeps): readonly Route[] {
  const { registry } = book;
  return [
    route({
      id: "listSites",
      method: "get",
      path: "/api/v1/sites",
      tag: "places",
      summary: "Sites, by organisation and id",
      query: ListQuery,
      answer: pageOf(SiteView),
      handle: ({ query }) => {
        const { items, next } = pageByKey(of(registry.sites, query.organisation), query);
        return { body: { items: items.map(siteView), next } };
      },
    }),
    route({
      id: "declareSite",
      method: "put",
      path: "/api/v1/organisations/:organisation/sites/:site",
      tag: "places",
      summary: "State a site's name, time zone and region",
      params: z.strictObject({ organisation: OrganisationId, site: SiteId }),
      body: DeclareSite,
      answer: SiteView,
      async handle({ params: { organisation, site }, body, principal }) {
        const facts = await commands.declareSite(organisation, site, body, nameOf(principal));
        const entry = found(registry.sites.get(keyOf(organisation, site)), site);
        return { body: siteView(entry), headers: factHeader(facts) };
      },
    }),
  ];
}

function vehicleRoutes({ book, commands }: PlaceDeps): readonly Route[] {
  const { registry } = book;
  return [
    route({
      id: "listVehicles",
      method: "get",
      path: "/api/v1/vehicles",
      tag: "places",
      summary: "Vehicles, by organisation and id",
      query: ListQuery,
      answer: pageOf(VehicleView),
      handle: ({ query }) => {
        const { items, next } = pageByKey(of(registry.vehicles, query.organisation), query);
        return { body: { items: items.map(vehicleView), next } };
      },
    }),
    route({
      id: "declareVehicle",
      method: "put",
      path: "/api/v1/organisations/:organisation/vehicles/:vehicle",
      tag: "places",
      summary: "State a vehicle's name, plate and time zone",
      params: z.strictObject({ organisation: OrganisationId, vehicle: VehicleId }),
      body: DeclareVehicle,
      answer: VehicleView,
      async handle({ params: { organisation, vehicle }, body, principal }) {
        const facts = await commands.declareVehicle(organisation, vehicle, body, nameOf(principal));
        const entry = found(registry.vehicles.get(keyOf(organisation, vehicle)), vehicle);
        return { body: vehicleView(entry), headers: factHeader(facts) };
      },
    }),
  ];
}

function spaceRoutes({ board, commands }: PlaceDeps): readonly Route[] {
  return [
    route({
      id: "listSpaces",
      method: "get",
      path: "/api/v1/spaces",
      tag: "places",
      summary: "Spaces as they stand now, by organisation and id",
      query: SpacesQuery,
      answer: pageOf(SpaceNow),
      handle: ({ query }) => {
        const spaces = board
          .spaces()
          .filter(
            ({ organisation, condition }) =>
              (query.organisation ?? organisation) === organisation &&
              (query.condition ?? condition) === condition,
          )
          .map((now) => [keyOf(now.organisation, now.space), now] as const);
        return { body: pageByKey(spaces, query) };
      },
    }),
    route({
      id: "getSpace",
      method: "get",
      path: "/api/v1/organisations/:organisation/spaces/:space",
      tag: "places",
      summary: "A space as it stands now",
      params: spacePath,
      answer: SpaceNow,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      handle: ({ params: { organisation, space } }) => ({
        body: found(board.space(organisation, space), space),
      }),
    }),
    route({
      id: "declareSpace",
      method: "put",
      path: "/api/v1/organisations/:organisation/spaces/:space",
      tag: "places",
      summary: "State a space's name and where it is, and optionally the profile that holds for it",
      params: spacePath,
      body: DeclareSpace,
      answer: SpaceNow,
      refusals: ["UB_PROFILE_UNKNOWN", "UB_PROFILE_INVALID"],
      async handle({ params: { organisation, space }, body, principal }) {
        const facts = await commands.declareSpace(organisation, space, body, nameOf(principal));
        return {
          body: found(board.space(organisation, space), space),
          headers: factHeader(facts),
        };
      },
    }),
    route({
      id: "assignProfile",
      method: "put",
      path: "/api/v1/organisations/:organisation/spaces/:space/profile",
      tag: "profiles",
      summary:
        "State which profile holds for a space: for all its time if it has none, else from now",
      params: spacePath,
      body: AssignProfile,
      answer: SpaceNow,
      refusals: ["UB_NOT_FOUND", "UB_PROFILE_UNKNOWN", "UB_PROFILE_INVALID"],
      async handle({ params: { organisation, space }, body, principal }) {
        const by = nameOf(principal);
        const facts = await commands.assignProfile(organisation, space, body.profile, by);
        return {
          body: found(board.space(organisation, space), space),
          headers: factHeader(facts),
        };
      },
    }),
  ];
}

/** The ids of the facts that a command led to; none if all of it was known already. */
export function factHeader(facts: readonly string[]): Readonly<Record<string, string>> {
  return facts.length === 0 ? {} : { "Unbroken-Facts": facts.join(", ") };
}

export function nameOf(principal: RouteRequest<never, never, never>["principal"]): string {
  if (principal === null) throw new RequestRefused("UB_AUTH_REQUIRED");
  return principal.name;
}

/** @throws UB_NOT_FOUND */
export function found<T>(value: T | null | undefined, id: string): T {
  if (value === null || value === undefined)
    throw new RequestRefused("UB_NOT_FOUND", `there is no ${id}`);
  return value;
}

/** The entries of one organisation, or all if none is named. */
export function of<T extends { readonly organisation: string }>(
  map: ReadonlyMap<string, T>,
  organisation: string | undefined,
): readonly (readonly [string, T])[] {
  return [...map].filter(
    ([, entry]) => organisation === undefined || entry.organisation === organisation,
  );
}
