import { existsSync } from "node:fs";
import { join } from "node:path";
import { openStageReader } from "@unbroken/event-log/embedded";
import { CAUSES, FAILED_DELIVERIES, type Alert, type FailedDelivery } from "@unbroken/model";
import { DAY } from "@unbroken/units";
import { ALERT_STORE } from "../runtime/thread-data.ts";
import { fail, ok, warn, type Finding } from "./check.ts";

/** Enough to say that there are many. */
const ROWS_MAX = 10_000;

/** Whether people were told: deliveries that were given up within a day, and urgent alerts that nobody has in hand. */
export async function checkNotifications(dir: string, now: number): Promise<readonly Finding[]> {
  const folder = join(dir, ALERT_STORE.folder);
  if (!existsSync(folder)) return [];
  const reader = openStageReader(folder, ALERT_STORE);
  const rows = async <T>(prefix: string): Promise<readonly T[]> =>
    (await reader.scanState(0, prefix, null, ROWS_MAX)).map(
      ([, row]) => JSON.parse(Buffer.from(row).toString()) as T,
    );
  try {
    const open = (await rows<Alert>(CAUSES)).filter(({ phase }) => phase !== "ended");
    const failed = (await rows<FailedDelivery>(FAILED_DELIVERIES)).filter(
      ({ delivery }) => delivery.at >= now - DAY,
    );
    return [openFinding(open), failedFinding(failed)];
  } catch (error) {
    return [
      fail(
        "alerts",
        (error as Error).message,
        "stop the server, move the folder notify away and start again: open alerts are told anew",
      ),
    ];
  } finally {
    reader.close();
  }
}

function openFinding(open: readonly Alert[]): Finding {
  const urgent = open.filter(({ urgency, acknowledgements }) => {
    const isInHand = acknowledgements.some((each) => each.urgency === "high");
    return urgency === "high" && !isInHand;
  });
  if (urgent.length === 0) return ok("alerts", `${open.length} open, all urgent ones in hand`);
  const spaces = [...new Set(urgent.map(({ space }) => space))].slice(0, 5).join(", ");
  return warn(
    "alerts",
    `${open.length} open, ${urgent.length} urgent ones in nobody's hand: ${spaces}`,
    "acknowledge them on the board or by the link in their message",
  );
}

function failedFinding(failed: readonly FailedDelivery[]): Finding {
  const last = failed[0];
  if (last === undefined) return ok("deliveries", "none was given up in 24 hours");
  const recipients = [...new Set(failed.map(({ delivery }) => delivery.recipient))].slice(0, 5);
  return fail(
    "deliveries",
    `${failed.length} given up in 24 hours, to ${recipients.join(", ")}; last ${last.delivery.code ?? "?"}`,
    "these people were not told; docs/errors.md says what the code means",
  );
}
