import type { SpaceNow } from "@unbroken/model";
import { freshnessOf } from "../board/outlook.ts";
import { MINUTE, shortSpanText } from "../format/span.ts";
import { clockText, momentText, viewerZone, zoneToShow } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";

/**
 * How old the shown value is: `3 min ago` on a tile, with its time on the space's page; what is past its cadence says of
 * which moment it is. Nothing where the statement beside it says so already.
 */
export function Age({
  space,
  now,
  form,
}: {
  readonly space: SpaceNow;
  readonly now: number;
  readonly form: "brief" | "whole";
}) {
  const messages = useMessages();
  const language = useLanguage();
  const fresh = freshnessOf(space, now);
  if (space.worst === null || fresh === null) return null;
  const at = Date.parse(space.worst.measured_at);
  const zone = zoneToShow(at, space.zone, viewerZone);
  const clock = momentText(at, now, space.zone, language);
  const moment = zone === null ? clock : `${clock} ${zone}`;
  const ago =
    fresh.ageMs < MINUTE
      ? messages.justNow
      : messages.ago(shortSpanText(fresh.ageMs, messages.span));
  if (form === "whole")
    return (
      <span className="number">
        {moment} · {ago}
      </span>
    );
  return fresh.stale ? (
    <span className="tile-age number">{messages.tile.lastAt(moment)}</span>
  ) : (
    <span className="tile-age number" title={clockText(at, space.zone, language)}>
      {ago}
    </span>
  );
}
