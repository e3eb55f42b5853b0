import type { Acknowledgement, AlertMember, Excursion, Judgement, Trouble } from "@unbroken/model";

/** One thing learnt about one cause, or about all causes of a space (`trouble` null). Times in epoch ms. */
export interface AlertNews {
  readonly organisation: string;
  readonly space: string;
  readonly trouble: Trouble | null;
  /** By our clock: when it was judged. */
  readonly judgedAt: number;
  readonly what:
    | { readonly kind: "member"; readonly member: AlertMember }
    /** From `from` to `to` (null: until now) everything is proven in range. */
    | { readonly kind: "in-range"; readonly from: number; readonly to: number | null }
    | {
        readonly kind: "acknowledged";
        readonly alert: string;
        readonly acknowledgement: Omit<Acknowledgement, "urgency">;
      };
}

/** Where a sensor stands; null where it stands nowhere. */
export type SpaceOf = (sensor: string) => string | null;

/** What a judgement says about alerts: nothing, or one thing or more. */
export function newsOf(
  organisation: string,
  judgedAt: number,
  judgement: Judgement,
  spaceOf: SpaceOf,
): readonly AlertNews[] {
  const about = (space: string, trouble: Trouble | null, what: AlertNews["what"]): AlertNews[] => [
    { organisation, space, trouble, judgedAt, what },
  ];
  switch (judgement.kind) {
    case "excursion-opened":
    case "excursion-amended":
    case "excursion-closed":
    case "excursion-retracted": {
      const { excursion } = judgement;
      const member = excursionMember(excursion);
      return about(excursion.space, troubleOf(excursion), { kind: "member", member });
    }
    case "gap-opened":
      return about(judgement.space, "silent", {
        kind: "member",
        member: sensorMember("gap", judgement.sensor, judgement.from, null),
      });
    case "gap-closed":
      return about(judgement.space, "silent", {
        kind: "member",
        member: sensorMember("gap", judgement.sensor, judgement.from, judgement.to),
      });
    case "fault-opened":
    case "fault-closed": {
      const space = spaceOf(judgement.sensor);
      if (space === null) return [];
      const to = judgement.kind === "fault-closed" ? judgement.to : null;
      const member = sensorMember("fault", judgement.sensor, judgement.from, to);
      return about(space, "probe-fault", { kind: "member", member });
    }
    case "timeline-changed":
      return judgement.stretches.flatMap(({ from, to, class: evidence }) =>
        evidence === "in" ? about(judgement.space, null, { kind: "in-range", from, to }) : [],
      );
    default:
      // Conflicts of readings, forecasts and what is yet to come wake nobody.
      return [];
  }
}

/** What an excursion of a rule's quantity and side is to whoever is told. */
export function troubleOf({ quantity, side }: Pick<Excursion, "quantity" | "side">): Trouble {
  switch (quantity) {
    case "air":
    case "product":
    case "mkt":
      return side === "high" ? "warm" : "cold";
    case "humidity":
      return side === "high" ? "humid" : "dry";
    case "budget":
      return "life-used";
    case "door":
      return "door";
    case "power":
      return "power";
    case "link":
      return "silent";
  }
}

const units: Partial<Record<Excursion["quantity"], string>> = {
  air: "Cel",
  product: "Cel",
  mkt: "Cel",
  humidity: "%RH",
  budget: "%",
};

export function excursionMember(excursion: Excursion): AlertMember {
  const unit = units[excursion.quantity] ?? null;
  return {
    id: `excursion:${excursion.id}`,
    state: excursion.retracted
      ? "retracted"
      : excursion.until === null
        ? "lasting"
        : excursion.ended === "unproven"
          ? "unseen"
          : "over",
    urgency: excursion.severity === "warn" ? "low" : "high",
    rule: excursion.rule,
    sensor: excursion.peakSensor,
    since: excursion.since,
    until: excursion.until,
    evidenceAt: excursion.since + excursion.provenMs,
    peak: unit === null ? null : excursion.peak,
    peakAt: unit === null ? null : excursion.peakAt,
    limit: unit === null ? null : excursion.limit,
    side: excursion.side,
    unit,
    revision: excursion.revision,
  };
}

function sensorMember(
  kind: "gap" | "fault",
  sensor: string,
  since: number,
  until: number | null,
): AlertMember {
  return {
    id: `${kind}:${sensor}`,
    state: until === null ? "lasting" : "over",
    urgency: "low",
    rule: null,
    sensor,
    since,
    until,
    evidenceAt: until ?? since,
    peak: null,
    peakAt: null,
    limit: null,
    side: null,
    unit: null,
    revision: 0,
  };
}
