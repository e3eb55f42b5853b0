import { memo } from "react";
import type { SpaceNow } from "@unbroken/model";
import { freshnessOf, sideOf } from "../board/outlook.ts";
import { bandText, conditionWord, placeOf, statementOf } from "../board/statement.ts";
import { keyOfSpace } from "../board/urgency.ts";
import { DAY } from "../format/span.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { spaceAddress } from "../routing.ts";
import { Age } from "./age.tsx";
import { TileAlert } from "./alert-strip.tsx";
import { BarOfTime } from "./bar-of-time.tsx";
import { ConditionMark } from "./condition-mark.tsx";
import { Link } from "./link.tsx";
import { Temperature } from "./temperature.tsx";
import { Trend } from "./trend.tsx";

interface TileProps {
  readonly space: SpaceNow;
  /** The server's time in steps, so that a tile is drawn again only when its words change. */
  readonly now: number;
  readonly size: "urgent" | "calm";
}

/** One space on the board: name, place, temperature, what is the matter, its last 24 hours, limits and age. */
export const Tile = memo(function Tile({ space, now, size }: TileProps) {
  const messages = useMessages();
  const language = useLanguage();
  const side = sideOf(space);
  const stale = freshnessOf(space, now)?.stale === true ? " stale" : "";
  const statement = statementOf(space, { now, messages, language });
  const isQuiet = space.condition === "unproven" || space.condition === "out-of-service";
  const word = (
    <span className="tile-word">
      <ConditionMark condition={space.condition} side={side} size={size === "urgent" ? 16 : 13} />
      {conditionWord(space, messages)}
    </span>
  );
  const slot = space.alerts.length === 0 ? "" : " alerted";
  return (
    <div className={`tile-slot${slot}`} data-alert-slot="">
      <Link
        className={`tile ${size} ${space.condition} ${side}${stale}`}
        href={spaceAddress(space)}
        data-tile={keyOfSpace(space)}
        data-near=""
      >
        {size === "urgent" ? (
          <span className="tile-top">
            {word}
            <span className="tile-place">{placeOf(space)}</span>
          </span>
        ) : null}
        <span className="tile-name" title={space.name}>
          {space.name}
        </span>
        {size === "calm" ? <span className="tile-place">{placeOf(space)}</span> : null}
        <span className="tile-now">
          <Temperature value={space.worst?.value_c ?? null} />
          {isQuiet ? word : <Trend rate={space.trend_c_per_h} />}
        </span>
        {size === "urgent" ? <span className="tile-statement">{statement}</span> : null}
        <BarOfTime timeline={space.timeline} from={now - DAY} to={now} />
        <span className="tile-foot">
          {isQuiet ? (
            <span className="tile-age">{statement}</span>
          ) : (
            <>
              <span className="number">{bandText(space, messages)}</span>
              <Age space={space} now={now} form="brief" />
            </>
          )}
        </span>
        {space.condition === "in-range" ? (
          <span className="visually-hidden">{messages.condition["in-range"]}</span>
        ) : null}
      </Link>
      <TileAlert space={space} now={now} size={size} />
    </div>
  );
});
