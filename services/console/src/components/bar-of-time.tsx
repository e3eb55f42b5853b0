import type { SpaceNow } from "@unbroken/model";
import { minutesOf, piecesOf } from "../board/bar-of-time.ts";
import { spanText } from "../format/span.ts";
import { useMessages } from "../i18n/language.ts";

/** In range solid and low, out filled to the full height, unproven hatched: three looks, never by colour alone. */
export function BarOfTime({
  timeline,
  from,
  to,
  knownFrom = from,
}: {
  readonly timeline: SpaceNow["timeline"];
  readonly from: number;
  readonly to: number;
  /** Before it no timeline is kept at hand. */
  readonly knownFrom?: number;
}) {
  const messages = useMessages();
  const { inRange, out, unproven } = minutesOf(timeline, Math.max(from, knownFrom), to);
  const span = (minutes: number) => spanText(minutes * 60_000, messages.span);
  return (
    <span
      className="bar"
      role="img"
      aria-label={messages.board.bar(span(inRange), span(out), span(unproven))}
    >
      {piecesOf(timeline, from, to, knownFrom).map((piece) => (
        <span
          key={piece.left}
          className={`piece ${piece.class}${piece.current ? " current" : ""}`}
          style={{ left: `${piece.left * 100}%`, width: `${piece.width * 100}%` }}
        />
      ))}
    </span>
  );
}
