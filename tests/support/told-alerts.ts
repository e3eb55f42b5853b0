import { deviceOfSensor, type JudgementRecord } from "@unbroken/model";
import { MINUTE } from "@unbroken/units";
import type { ToldAlert } from "./alert-score.ts";

/** A probe that gives no value tells nobody until it has given none for so long. */
export const FAULT_TOLD_AFTER = 15 * MINUTE;

/**
 * What people are told of what was judged, in the order in which it was.
 * @param spaceOf by device
 */
export function toldAlerts(
  records: readonly JudgementRecord[],
  spaceOf: ReadonlyMap<string, string>,
): readonly ToldAlert[] {
  return records.flatMap((record, i): readonly ToldAlert[] => {
    const { judgement, judgedAt } = record;
    if (judgement.kind === "excursion-opened") {
      const { excursion, replaces = [] } = judgement;
      // What late data moved, split or joined was told before.
      if (replaces.length > 0) return [];
      const { space, rule, severity } = excursion;
      return [{ space, cause: rule, isWarning: severity === "warn", at: judgedAt }];
    }
    if (judgement.kind !== "fault-opened") return [];
    const at = judgedAt + FAULT_TOLD_AFTER;
    const space = spaceOf.get(deviceOfSensor(judgement.sensor));
    const isOver = isClosedBefore(at, judgement.sensor, judgement.quantity, records.slice(i + 1));
    return isOver || space === undefined ? [] : [{ space, cause: "fault", isWarning: false, at }];
  });
}

function isClosedBefore(
  at: number,
  sensor: string,
  quantity: string | undefined,
  later: readonly JudgementRecord[],
): boolean {
  return later.some(
    ({ judgement, judgedAt }) =>
      judgedAt < at &&
      judgement.kind === "fault-closed" &&
      judgement.sensor === sensor &&
      judgement.quantity === quantity,
  );
}
