import { createHash } from "node:crypto";
import { DAY } from "@unbroken/units";
import type { Alert, AlertDelivery, MessageKind, Registry } from "@unbroken/model";
import { placeOf, recipientsOf } from "./address-book.ts";
import { isAboutThePast } from "./alert/decide.ts";
import { composeMessage } from "./message/compose-message.ts";
import type { NotifyKey } from "./notify-key.ts";
import type { NotifyStore, WaitingParcel } from "./notify-store.ts";

const DELIVERIES_MAX = 60;
const LINK_LIFE_MS = 7 * DAY;

interface ParcelDeps {
  readonly store: NotifyStore;
  readonly registry: Registry;
  readonly key: NotifyKey;
  /** Where people reach the board, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * Puts a message about an alert into the outbox, once for each recipient. What still waits for a recipient about the same
 * alert is superseded: the newer message says all that the older one did.
 * @returns the recipients, and what was superseded
 */
export function makeParcels(
  { store, registry, key, publicUrl }: ParcelDeps,
  alert: Alert,
  kind: MessageKind,
  now: number,
): { readonly made: readonly WaitingParcel[]; readonly superseded: readonly WaitingParcel[] } {
  const place = placeOf(registry, alert);
  // Whoever was told of it is told how it went; what was over before it could be told wakes nobody.
  const urgency = kind === "passed" ? "low" : alert.urgency;
  const made: WaitingParcel[] = [];
  const superseded: WaitingParcel[] = [];
  for (const { recipient, language, channel } of recipientsOf(registry, alert, urgency)) {
    const { organisation, space, id } = alert;
    const token = key.signLink({
      organisation,
      space,
      alert: id,
      recipient,
      expiresAt: now + LINK_LIFE_MS,
    });
    const links = {
      acknowledge: isAboutThePast(kind) ? null : `${publicUrl}/acknowledge/${token}`,
      board: `${publicUrl}/spaces/${encodeURIComponent(organisation)}/${encodeURIComponent(space)}`,
    };
    const before = waitingFor(store, alert, recipient);
    superseded.push(...before);
    made.push({
      parcel: {
        id: parcelId(alert, recipient),
        organisation,
        recipient,
        alert: id,
        message: composeMessage(alert, kind, place, language, links),
      },
      channel: channel.kind,
      createdAt: now,
      // Attempts that failed stay counted: a receiver that is down for good must show as such.
      attempts: before.reduce((most, { attempts }) => Math.max(most, attempts), 0),
      nextAt: now,
    });
  }
  for (const { parcel } of superseded) store.removeParcel(parcel.id);
  for (const waiting of made) store.putParcel(waiting);
  store.putAlert(withDeliveries(alert, made, superseded, now));
  return { made, superseded };
}

/** The same for the same message and recipient, whatever happens in between: a receiver can tell a repeat by it. */
function parcelId({ organisation, id, sent }: Alert, recipient: string): string {
  const hash = createHash("sha256").update(JSON.stringify([organisation, id, sent, recipient]));
  return `msg_${hash.digest("base64url").slice(0, 27)}`;
}

function waitingFor(
  store: NotifyStore,
  { organisation, id }: Alert,
  recipient: string,
): readonly WaitingParcel[] {
  return [...store.parcels.values()].filter(
    ({ parcel }) =>
      parcel.organisation === organisation && parcel.alert === id && parcel.recipient === recipient,
  );
}

function withDeliveries(
  alert: Alert,
  made: readonly WaitingParcel[],
  superseded: readonly WaitingParcel[],
  now: number,
): Alert {
  const gone = new Set(superseded.map(({ parcel }) => parcel.id));
  const deliveries = [
    ...alert.deliveries.map((each): AlertDelivery =>
      gone.has(each.id) ? { ...each, state: "superseded", at: now } : each,
    ),
    ...made.map(({ parcel, channel, attempts }): AlertDelivery => ({
      id: parcel.id,
      recipient: parcel.recipient,
      channel,
      kind: parcel.message.kind,
      state: "waiting",
      attempts,
      at: now,
      code: null,
    })),
  ];
  return { ...alert, deliveries: deliveries.slice(-DELIVERIES_MAX) };
}
