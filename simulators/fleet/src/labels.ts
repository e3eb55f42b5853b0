import { EpochMs, formatIsoTime } from "@unbroken/units";
import type { Scenario, Story } from "./scenario.ts";
import type { SpaceLife } from "./space-life.ts";

/** What happened in a space, and whether a person must be told of it at once: what alerts are measured by. */
export interface Label {
  readonly organisation: string;
  readonly space: string;
  readonly kind: string;
  /** RFC 3339, true time. */
  readonly from: string;
  readonly to: string;
  readonly wake: boolean;
  /** When the product's core truly left its range because of it; null if it did not, or no range is stated. */
  readonly product_out_at: string | null;
  /** When it was back; null if it never left, or was not back at the end. */
  readonly product_back_at: string | null;
}

/** The core follows the air: it may leave its range when the air is on its way back. In ms. */
const CORE_FOLLOWS = 3 * 3_600_000;

interface Lived {
  readonly start: number;
  readonly end: number;
  /** By space. */
  readonly lives: ReadonlyMap<string, SpaceLife>;
}

/** Labelled stories, and each defrost and each door that people opened; by time. */
export function labelsOf(scenario: Scenario, { start, end, lives }: Lived): readonly Label[] {
  const { organisation, stories } = scenario;
  const told = stories.flatMap((story): readonly Label[] => {
    const { label } = story;
    const space = spaceOf(scenario, story);
    if (label === undefined || space === null || start + story.at >= end) return [];
    const from = start + story.at;
    const until = from + story.lasts + CORE_FOLLOWS;
    const out = label.wake ? (lives.get(space)?.coreOut(from, until) ?? null) : null;
    return [
      {
        organisation,
        space,
        kind: label.kind,
        from: iso(from),
        to: iso(Math.min(end, from + story.lasts)),
        wake: label.wake,
        product_out_at: out === null ? null : iso(out.from),
        product_back_at: out === null || out.to === null ? null : iso(out.to),
      },
    ];
  });
  const lived = [...lives].flatMap(([space, life]) =>
    life.ordinary.map(({ kind, from, to }): Label => ({
      organisation,
      space,
      kind,
      from: iso(from),
      to: iso(to ?? end),
      wake: false,
      product_out_at: null,
      product_back_at: null,
    })),
  );
  // Scenarios without a label are not there to be measured by.
  return told.length === 0
    ? []
    : [...told, ...lived].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function spaceOf({ devices, contacts = [] }: Scenario, story: Story): string | null {
  if ("space" in story) return story.space;
  return [...devices, ...contacts].find(({ device }) => device === story.device)?.space ?? null;
}

function iso(at: number): string {
  return formatIsoTime(EpochMs(at));
}
