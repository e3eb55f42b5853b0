import {
  DescribeSensor,
  DeviceId,
  FactView,
  OrganisationId,
  ReturnToService,
  StatePhase,
  StateThermal,
  TakeOutOfService,
  keyOf,
  type Fact,
} from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import { z } from "zod";
import type { FactBook } from "../fact-book.ts";
import type { FactCommands } from "../fact-commands.ts";
import { factViews } from "../fact-view.ts";
import { route, type Answer, type Route } from "../http/route.ts";
import { FactsView } from "./api-schemas.ts";
import { factHeader, found, nameOf } from "./place-routes.ts";
import { spacePath } from "./query-fields.ts";

export interface FactDeps {
  readonly book: FactBook;
  readonly factCommands: FactCommands;
  readonly now: () => EpochMs;
}

const SPACE = "/api/v1/organisations/:organisation/spaces/:space";
const DEVICE = "/api/v1/organisations/:organisation/devices/:device";
const devicePath = z.strictObject({ organisation: OrganisationId, device: DeviceId });

/** How a space and its probes are, as people state it; nothing that was stated is ever changed or taken away. */
export function factRoutes(deps: FactDeps): readonly Route[] {
  return [...listRoutes(deps), ...spaceFactRoutes(deps), describeRoute(deps)];
}

function listRoutes({ book, now }: FactDeps): readonly Route[] {
  const { registry } = book;
  return [
    route({
      id: "listSpaceFacts",
      method: "get",
      path: `${SPACE}/facts`,
      tag: "facts",
      summary: "What was ever stated of a space and which sensors stood in it, the latest first",
      params: spacePath,
      answer: FactsView,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      handle: ({ params: { organisation, space } }) => {
        found(registry.spaces.get(keyOf(organisation, space)), space);
        // Where a device stood before and after is part of how long it stood here.
        const isOfSpace = ({ statement }: Fact): boolean =>
          "space" in statement && statement.space === space;
        const devices = new Set(
          book
            .facts(organisation)
            .filter(isOfSpace)
            .flatMap(({ statement }) =>
              statement.kind === "sensor-placed" ? [statement.device] : [],
            ),
        );
        const facts = book
          .facts(organisation)
          .filter(
            (fact) =>
              isOfSpace(fact) ||
              (fact.statement.kind === "sensor-placed" && devices.has(fact.statement.device)),
          );
        const views = factViews(facts, registry, now()).filter(
          ({ fact }) => fact.kind !== "sensor-placed" || fact.space === space,
        );
        return { body: { facts: [...views] } };
      },
    }),
    route({
      id: "listDeviceFacts",
      method: "get",
      path: `${DEVICE}/facts`,
      tag: "facts",
      summary: "What was ever stated of a device's probes and where they stood, the latest first",
      params: devicePath,
      answer: FactsView,
      etag: true,
      refusals: ["UB_NOT_FOUND"],
      handle: ({ params: { organisation, device } }) => {
        found(registry.devices.get(keyOf(organisation, device)), device);
        const facts = book
          .facts(organisation)
          .filter(({ statement }) => "device" in statement && statement.device === device);
        return { body: { facts: [...factViews(facts, registry, now())] } };
      },
    }),
  ];
}

function spaceFactRoutes({ book, factCommands, now }: FactDeps): readonly Route[] {
  const stated = (organisation: string, facts: readonly string[]): Answer<FactView> =>
    answerOf(book, organisation, facts, now());
  const shared = {
    method: "post",
    tag: "facts",
    params: spacePath,
    status: 201,
    answer: FactView,
    refusals: ["UB_NOT_FOUND"],
  } as const;
  return [
    route({
      ...shared,
      id: "stateThermal",
      path: `${SPACE}/thermals`,
      summary: "State how a space warms by itself, which bounds what a silence can hide",
      body: StateThermal,
      async handle({ params: { organisation, space }, body, principal }) {
        const by = nameOf(principal);
        return stated(organisation, await factCommands.stateThermal(organisation, space, body, by));
      },
    }),
    route({
      ...shared,
      id: "takeOutOfService",
      path: `${SPACE}/out-of-service`,
      summary: "State that an empty space is out of service: nothing is judged in that time",
      body: TakeOutOfService,
      async handle({ params: { organisation, space }, body, principal }) {
        const by = nameOf(principal);
        return stated(
          organisation,
          await factCommands.takeOutOfService(organisation, space, body, by),
        );
      },
    }),
    route({
      ...shared,
      id: "returnToService",
      path: `${SPACE}/return-to-service`,
      summary: "State that a space is in service again",
      body: ReturnToService,
      async handle({ params: { organisation, space }, body, principal }) {
        const by = nameOf(principal);
        return stated(
          organisation,
          await factCommands.returnToService(organisation, space, body, by),
        );
      },
    }),
    route({
      ...shared,
      id: "statePhase",
      path: `${SPACE}/phases`,
      summary: "State what is being done in a space, which chooses the rules that apply",
      body: StatePhase,
      async handle({ params: { organisation, space }, body, principal }) {
        const by = nameOf(principal);
        return stated(organisation, await factCommands.statePhase(organisation, space, body, by));
      },
    }),
  ];
}

function describeRoute({ book, factCommands, now }: FactDeps): Route {
  return route({
    id: "describeSensor",
    method: "post",
    path: `${DEVICE}/descriptions`,
    tag: "facts",
    summary: "State accuracy and calibration of a device's probes, or of one of them",
    params: devicePath,
    body: DescribeSensor,
    status: 201,
    answer: FactView,
    refusals: ["UB_NOT_FOUND"],
    async handle({ params: { organisation, device }, body, principal }) {
      const by = nameOf(principal);
      const facts = await factCommands.describeSensor(organisation, device, body, by);
      return answerOf(book, organisation, facts, now());
    },
  });
}

function answerOf(
  book: FactBook,
  organisation: string,
  ids: readonly string[],
  now: number,
): Answer<FactView> {
  const facts = book.facts(organisation).filter(({ id }) => ids.includes(id));
  const [view] = factViews(facts, book.registry, now);
  return { body: found(view, ids.join()), headers: factHeader(ids) };
}
