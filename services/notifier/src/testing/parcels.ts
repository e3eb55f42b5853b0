import { Settings } from "@unbroken/config";
import type { Alert, Language, MessageKind } from "@unbroken/model";
import { decide } from "../alert/decide.ts";
import { absorb } from "../alert/absorb.ts";
import { alertPolicyOf } from "../alert/alert-policy.ts";
import type { Parcel } from "../channel/channel.ts";
import { composeMessage, type Place } from "../message/compose-message.ts";
import { judged, minute, opened } from "./alert-story.ts";

export const PLACE: Place = { space: "冷库 3", parent: "浦东", zone: "Asia/Shanghai" };

/** The alert of an excursion above 8 °C with a peak of 9.5 °C, told ten minutes after it began. */
export function warmAlert(change: Partial<Alert> = {}): Alert {
  const [news] = judged(10, opened(0)).news;
  const alert = news === undefined ? null : absorb(null, news, minute(10));
  if (alert === null) throw new Error("an excursion makes an alert");
  const policy = alertPolicyOf(Settings.parse({}).notify);
  return { ...decide(alert, minute(10), policy, true).alert, ...change };
}

export function parcelOf(
  change: {
    readonly id?: string;
    readonly place?: Place;
    readonly language?: Language;
    readonly kind?: MessageKind;
    readonly alert?: Alert;
  } = {},
): Parcel {
  const alert = change.alert ?? warmAlert();
  const links = {
    acknowledge: "https://cold.example/acknowledge/abc.def",
    board: "https://cold.example/spaces/acme/cold",
  };
  return {
    id: change.id ?? "msg_1",
    organisation: "acme",
    recipient: "night-shift",
    alert: alert.id,
    message: composeMessage(
      alert,
      change.kind ?? "opened",
      change.place ?? PLACE,
      change.language ?? "zh",
      links,
    ),
  };
}
