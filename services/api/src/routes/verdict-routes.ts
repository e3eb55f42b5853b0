import type { VerdictDocument } from "@unbroken/detection";
import {
  DeviceId,
  OrganisationId,
  ProbeName,
  keyOf,
  momentOf,
  sensorIdOf,
  staysOf,
  type Registry,
} from "@unbroken/model";
import type { TimeSeries } from "@unbroken/time-series";
import { DAY, EpochMs } from "@unbroken/units";
import { z } from "zod";
import type { FactBook } from "../fact-book.ts";
import { route, type Route } from "../http/route.ts";
import { isConfirmed } from "../profile-library.ts";
import type { ClockFindings } from "../verdict/clock-findings.ts";
import { factsOfSensors, factsOfSpace } from "../verdict/facts-of-time.ts";
import { lastRuling, namedProfile, ruledBy, type Judging } from "../verdict/judging-profile.ts";
import { readColumns, type Sought } from "../verdict/read-columns.ts";
import { oneSensor, sensorsOfSpace, staysIn } from "../verdict/sought-sensors.ts";
import type { VerdictThread } from "../verdict/verdict-thread.ts";
import type { VerdictQuestion } from "../verdict/verdict-question.ts";
import { iso } from "../views.ts";
import { found } from "./place-routes.ts";
import { asOfField, span, spacePath, spanOf } from "./query-fields.ts";
import { VerdictView } from "./verdict-view.ts";

export interface VerdictDeps {
  readonly book: FactBook;
  readonly series: TimeSeries;
  readonly clocks: ClockFindings;
  readonly verdicts: VerdictThread;
  readonly now: () => EpochMs;
}

const VerdictQuery = z.strictObject({
  ...span,
  profile: z.string().min(1).max(64).optional().meta({
    description:
      "the id or hash of the rules to judge by; those that ruled last in this time unless stated",
  }),
  ...asOfField,
});

const sensorPath = z.strictObject({
  organisation: OrganisationId,
  device: DeviceId,
  sensor: ProbeName,
});

const refusals = ["UB_NOT_FOUND", "UB_PROFILE_UNKNOWN", "UB_INTERVAL_TOO_LONG"] as const;

/** One answer for any stretch of time: the document of `unbroken judge`, of stored readings and stated facts. */
export function verdictRoutes(deps: VerdictDeps): readonly Route[] {
  return [spaceRoute(deps), sensorRoute(deps)];
}

function spaceRoute(deps: VerdictDeps): Route {
  const { book, series } = deps;
  return route({
    id: "getSpaceVerdict",
    method: "get",
    path: "/api/v1/organisations/:organisation/spaces/:space/verdict",
    tag: "verdicts",
    summary:
      "Intact, broken or unproven in a stretch of time, up to now at the most; the last 24 hours unless said otherwise",
    params: spacePath,
    query: VerdictQuery,
    answer: VerdictView,
    refusals,
    async handle({ params: { organisation, space }, query }) {
      found(book.registry.spaces.get(keyOf(organisation, space)), space);
      const asked = askedOf(deps, organisation, query);
      const { registry } = asked;
      const ruled = ruledBy(registry, organisation, space, asked);
      const judging = judgingOf(registry, organisation, query.profile, () =>
        lastRuling(registry, organisation, ruled),
      );
      const place = { organisation, space };
      const sought = await sensorsOfSpace(series, registry, place, judging.profile, asked);
      const facts = factsOfSpace(registry, organisation, space, sensorsIn(sought));
      const document = await judged(deps, judging, asked, sought, facts);
      return {
        body: {
          ...place,
          sensor: null,
          ...shown(document, judging, asked, organisation),
          profiles: ruled.map(({ hash, from, to }) => ({ hash, from: iso(from), to: iso(to) })),
        },
      };
    },
  });
}

function sensorRoute(deps: VerdictDeps): Route {
  const { book, series } = deps;
  return route({
    id: "getSensorVerdict",
    method: "get",
    path: "/api/v1/organisations/:organisation/devices/:device/sensors/:sensor/verdict",
    tag: "verdicts",
    summary:
      "The same of one probe alone, wherever it stood: facts of spaces are not looked at; the last 24 hours unless said otherwise",
    params: sensorPath,
    query: VerdictQuery,
    answer: VerdictView,
    refusals,
    async handle({ params: { organisation, device, sensor: probe }, query }) {
      found(book.registry.devices.get(keyOf(organisation, device)), device);
      const sensor = sensorIdOf(device, probe);
      const asked = askedOf(deps, organisation, query);
      const { registry } = asked;
      const stay = staysOf(registry, organisation, sensor).findLast(({ from }) => from < asked.to);
      const ruled = stay === undefined ? [] : ruledBy(registry, organisation, stay.space, asked);
      const judging = judgingOf(registry, organisation, query.profile, () =>
        lastRuling(registry, organisation, ruled),
      );
      const keys = (await series.series(organisation, device)).filter(
        (key) => key.sensor === sensor,
      );
      found(keys[0], sensor);
      const sought = oneSensor(keys, judging.profile, asked);
      const facts = factsOfSensors(registry, organisation, [sensor]);
      const document = await judged(deps, judging, asked, sought, facts);
      const { hash } = judging.document;
      return {
        body: {
          organisation,
          space: null,
          sensor,
          ...shown(document, judging, asked, organisation),
          profiles: [{ hash, from: iso(asked.from), to: iso(asked.to) }],
        },
      };
    },
  });
}

interface Asked {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Readings that were received and facts that were stated later are not looked at. */
  readonly asOf: number;
  readonly registry: Registry;
}

function askedOf(
  { book, now }: VerdictDeps,
  organisation: string,
  query: z.output<typeof VerdictQuery>,
): Asked {
  const asOf = query.as_of === undefined ? null : momentOf(query.as_of);
  // Of what has not been yet nothing is known.
  const latest = EpochMs(Math.min(asOf ?? Number.POSITIVE_INFINITY, now()));
  const wanted = spanOf(query, { from: latest - DAY, to: latest });
  const to = EpochMs(Math.min(wanted.to, latest));
  const { from } = spanOf({}, { from: wanted.from, to });
  return {
    from,
    to,
    asOf: asOf ?? Number.POSITIVE_INFINITY,
    registry: asOf === null ? book.registry : book.registryAsOf(organisation, asOf),
  };
}

function judgingOf(
  registry: Registry,
  organisation: string,
  named: string | undefined,
  ruling: () => Judging,
): Judging {
  return named === undefined ? ruling() : namedProfile(registry, organisation, named);
}

async function judged(
  { series, clocks, verdicts }: VerdictDeps,
  { document }: Judging,
  { from, to, asOf }: Asked,
  sought: readonly Sought[],
  facts: VerdictQuestion["facts"],
): Promise<VerdictDocument> {
  const readings = await readColumns(series, sought, asOf, clocks);
  const { hash, document: stated } = document;
  const profile = { hash, document: stated };
  return verdicts.judge({ profile, from, to, facts, stays: staysIn(sought), readings });
}

type Place = "organisation" | "space" | "sensor" | "profiles";

function shown(
  document: VerdictDocument,
  { document: { id, hash } }: Judging,
  { from, to, registry }: Asked,
  organisation: string,
): Omit<VerdictView, Place> {
  const confirmed = isConfirmed(registry, organisation, hash);
  // The document is the judge's: read-only, and of the very fields that the view names.
  const judgement = document as unknown as Omit<VerdictView, Place | keyof Context>;
  const context: Context = {
    from: iso(from),
    to: iso(to),
    profile: id,
    confirmed,
    // Whoever confirmed a template's numbers made them a claim of theirs.
    notes: document.notes.filter((note) => !(confirmed && note === "template-profile")),
  };
  return { ...judgement, ...context };
}

type Context = Pick<VerdictView, "from" | "to" | "profile" | "confirmed" | "notes">;

function sensorsIn(sought: readonly Sought[]): readonly string[] {
  return [...new Set(sought.map(({ key }) => key.sensor))];
}
