import {
  DeviceCredentials,
  DeviceId,
  DeviceView,
  OrganisationId,
  PlaceSensor,
  RegisterDevice,
  keyOf,
  pageOf,
  upTopic,
  type DeviceEntry,
} from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import { z } from "zod";
import { route, type Route } from "../http/route.ts";
import { pageByKey } from "../queries/paged-list.ts";
import { isoOrNull } from "../views.ts";
import { factHeader, found, nameOf, of, type PlaceDeps } from "./place-routes.ts";
import { organisationField, paging } from "./query-fields.ts";

const ListQuery = z.strictObject({ ...organisationField, ...paging });
const devicePath = z.strictObject({ organisation: OrganisationId, device: DeviceId });
const PATH = "/api/v1/organisations/:organisation/devices/:device";

export function deviceRoutes(deps: PlaceDeps & { readonly now: () => EpochMs }): readonly Route[] {
  const { book, commands } = deps;
  const { registry } = book;
  const view = (entry: DeviceEntry): DeviceView => deviceView(entry, deps);
  return [
    route({
      id: "listDevices",
      method: "get",
      path: "/api/v1/devices",
      tag: "devices",
      summary: "Devices, by organisation and id",
      query: ListQuery,
      answer: pageOf(DeviceView),
      handle: ({ query }) => {
        const { items, next } = pageByKey(of(registry.devices, query.organisation), query);
        return { body: { items: items.map(view), next } };
      },
    }),
    route({
      id: "registerDevice",
      method: "post",
      path: PATH,
      tag: "devices",
      summary: "Register a device; the answer holds its password, which is never shown again",
      params: devicePath,
      body: RegisterDevice,
      status: 201,
      answer: DeviceCredentials,
      refusals: ["UB_CONFLICT", "UB_PROFILE_UNKNOWN", "UB_PROFILE_INVALID"],
      async handle({ params: { organisation, device }, body, principal }) {
        return {
          body: await commands.registerDevice(organisation, device, body, nameOf(principal)),
        };
      },
    }),
    route({
      id: "revokeDevice",
      method: "post",
      path: `${PATH}/revoke`,
      tag: "devices",
      summary: "Take a device's credentials back; what it has sent stays",
      params: devicePath,
      answer: DeviceView,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { organisation, device }, principal }) {
        const facts = await commands.revokeDevice(organisation, device, nameOf(principal));
        const entry = found(registry.devices.get(keyOf(organisation, device)), device);
        return { body: view(entry), headers: factHeader(facts) };
      },
    }),
    route({
      id: "placeSensor",
      method: "post",
      path: `${PATH}/placements`,
      tag: "devices",
      summary: "State in which space a device or one of its probes stands, from when on",
      params: devicePath,
      body: PlaceSensor,
      status: 201,
      answer: DeviceView,
      refusals: ["UB_NOT_FOUND"],
      async handle({ params: { organisation, device }, body, principal }) {
        const facts = await commands.placeSensor(organisation, device, body, nameOf(principal));
        const entry = found(registry.devices.get(keyOf(organisation, device)), device);
        return { body: view(entry), headers: factHeader(facts) };
      },
    }),
  ];
}

function deviceView(
  { organisation, device, name, revoked }: DeviceEntry,
  { book, board, now }: PlaceDeps & { readonly now: () => EpochMs },
): DeviceView {
  const at = now();
  const placements = book.registry.placements.get(keyOf(organisation, device)) ?? [];
  const present = placements.filter(({ from }) => from <= at);
  // The device's own placement says where it is; where only probes are placed, the latest of them does.
  const place = present.findLast(({ probe }) => probe === null) ?? present.at(-1);
  return {
    organisation,
    device,
    name,
    space: place?.space ?? null,
    topic: upTopic(organisation, device),
    revoked,
    last_received_at: isoOrNull(board.lastReceivedAt(organisation, device)),
  };
}
