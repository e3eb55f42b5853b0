import type { Night } from "@unbroken/detection";
import {
  IsoTime,
  OrganisationId,
  ProfileId,
  RuleQuantity,
  ScheduleDocument,
  Severity,
  Side,
  SpaceId,
  keyOf,
  scheduleOf,
} from "@unbroken/model";
import { DAY } from "@unbroken/units";
import { z } from "zod";
import { route, type Route } from "../http/route.ts";
import { documentOf, readyProfile } from "../profile-library.ts";
import { factsOfSpace } from "../verdict/facts-of-time.ts";
import { lastRuling, namedProfile, ruledBy } from "../verdict/judging-profile.ts";
import { readColumns, type Sought } from "../verdict/read-columns.ts";
import { sensorsOfSpace, staysIn } from "../verdict/sought-sensors.ts";
import { found } from "./place-routes.ts";
import { spacePath, spanOf } from "./query-fields.ts";
import type { VerdictDeps } from "./verdict-routes.ts";

/** A month of recorded time unless stated. */
const RECORDED = 30 * DAY;

const NightHours = ScheduleDocument.meta({
  description: "what counts as night; 22:00 to 06:00 at +08:00 unless stated",
});
const nightDefault: z.input<typeof ScheduleDocument> = {
  offset: "+08:00",
  from: "22:00",
  to: "06:00",
};

const BacktestRequest = z.strictObject({
  /** The rules as they would be: the id or hash of a profile, or a whole document that need not be stated. */
  profile: z.union([z.string().min(1).max(64), z.record(z.string(), z.json())]),
  today: z.string().min(1).max(64).optional().meta({
    description:
      "the id or hash of the rules to compare with; those that rule the space unless stated",
  }),
  from: IsoTime.optional(),
  to: IsoTime.optional(),
  night: NightHours.optional(),
});

const Count = z.int().nonnegative();

const BacktestSide = z.strictObject({
  profile: ProfileId,
  profile_hash: z.string(),
  verdict: z.enum(["intact", "broken", "unproven"]),
  fired: Count,
  fired_by_severity: z.strictObject({ break: Count, excursion: Count, warn: Count }),
  fired_at_night: Count,
  fired_per_day: z.number().nonnegative(),
  /** What the other profile would have said and this one not. */
  missed: Count,
});

/** Two profiles over the same recorded time. */
const BacktestView = z.strictObject({
  organisation: OrganisationId,
  space: SpaceId,
  from: IsoTime,
  to: IsoTime,
  engine: z.string(),
  today: BacktestSide,
  changed: BacktestSide,
  firings: z.array(
    z.strictObject({
      by: z.enum(["today", "changed"]),
      rule: z.string(),
      side: Side,
      severity: Severity,
      since: IsoTime,
      until: IsoTime.nullable(),
      /** When somebody would have been told. */
      fired_at: IsoTime,
      at_night: z.boolean(),
      minutes: z.number().nonnegative(),
      peak: z.number(),
      limit: z.number(),
      quantity: RuleQuantity,
      also_by_other: z.boolean(),
    }),
  ),
});

type View = z.input<typeof BacktestView>;

/** What would have fired had other rules been in force: before a rule is changed, it is run over what was recorded. */
export function backtestRoutes(deps: VerdictDeps): readonly Route[] {
  return [spaceBacktest(deps)];
}

function spaceBacktest({ book, series, clocks, verdicts, now }: VerdictDeps): Route {
  return route({
    id: "backtestSpace",
    method: "post",
    path: "/api/v1/organisations/:organisation/spaces/:space/backtests",
    tag: "verdicts",
    summary:
      "Changed rules over recorded time beside today's: what would have fired, when, at night, and what one says and the other not; the last 30 days unless said otherwise. Nothing is stored",
    params: spacePath,
    body: BacktestRequest,
    answer: BacktestView,
    refusals: ["UB_NOT_FOUND", "UB_PROFILE_UNKNOWN", "UB_PROFILE_INVALID", "UB_INTERVAL_TOO_LONG"],
    async handle({ params: { organisation, space }, body }) {
      const { registry } = book;
      found(registry.spaces.get(keyOf(organisation, space)), space);
      const latest = now();
      const span = spanOf(body, { from: latest - RECORDED, to: latest });
      const today =
        body.today === undefined
          ? lastRuling(registry, organisation, ruledBy(registry, organisation, space, span))
          : namedProfile(registry, organisation, body.today);
      const changed =
        typeof body.profile === "string"
          ? namedProfile(registry, organisation, body.profile).document
          : documentOf(registry, organisation, body.profile);
      // What either needs: the readings are read once for both.
      const sought = new Map<string, Sought>();
      for (const profile of [today.profile, readyProfile(changed.hash, changed.document)]) {
        if (profile === null) continue;
        const place = { organisation, space };
        for (const each of await sensorsOfSpace(series, registry, place, profile, span))
          widen(sought, each);
      }
      const sensors = [...new Set([...sought.values()].map(({ key }) => key.sensor))];
      const document = await verdicts.backtest(
        {
          profile: today.document,
          from: span.from,
          to: span.to,
          facts: factsOfSpace(registry, organisation, space, sensors),
          stays: staysIn([...sought.values()]),
          readings: await readColumns(
            series,
            [...sought.values()],
            Number.POSITIVE_INFINITY,
            clocks,
          ),
        },
        { changed, night: nightOf(body.night ?? nightDefault) },
      );
      return {
        // The document is the judge's: read-only, and of the very fields that the view names.
        body: {
          ...(document as unknown as Omit<View, "organisation" | "space">),
          organisation,
          space,
        },
      };
    },
  });
}

/** Of two looks at one sensor the one that reaches further back. */
function widen(sought: Map<string, Sought>, each: Sought): void {
  const key = `${each.key.sensor} ${each.key.quantity}`;
  const known = sought.get(key);
  if (known === undefined || each.read.from < known.read.from) sought.set(key, each);
}

function nightOf(document: z.input<typeof ScheduleDocument>): Night {
  const { offset, from, to } = scheduleOf(ScheduleDocument.parse(document));
  return { offset, from, to };
}
