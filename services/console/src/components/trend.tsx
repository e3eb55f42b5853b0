import { formatChange } from "../format/number.ts";
import { useMessages } from "../i18n/language.ts";

/** Slower than this is noise of the compressor's cycle. */
const STEADY_C_PER_H = 0.15;

/** Arrow and rate; nothing while the rate is not known. */
export function Trend({ rate }: { readonly rate: number | null }) {
  const messages = useMessages();
  if (rate === null) return null;
  const arrow = Math.abs(rate) < STEADY_C_PER_H ? "→" : rate > 0 ? "↗" : "↘";
  return (
    <span className="trend number">
      <span aria-hidden="true">{arrow}</span> {formatChange(rate)}
      <span className="trend-unit"> {messages.tile.perHour}</span>
    </span>
  );
}
