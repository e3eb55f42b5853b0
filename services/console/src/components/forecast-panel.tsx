import type { SpaceNow } from "@unbroken/model";
import { forecastOf, whyNoForecast } from "../board/outlook.ts";
import { intervalText } from "../board/statement.ts";
import { useNow } from "../data/clock.ts";
import { formatLimit } from "../format/number.ts";
import { spanText } from "../format/span.ts";
import { useMessages } from "../i18n/language.ts";

/** Minutes to the limit with their interval, or the one reason why there are none. */
export function ForecastPanel({ space }: { readonly space: SpaceNow }) {
  const messages = useMessages();
  const now = useNow(10_000);
  const forecast = forecastOf(space, now);
  const why = whyNoForecast(space);
  // Nothing is judged, so there is no limit to be met.
  if (space.condition === "out-of-service") return null;
  const { forecast: words } = messages;
  return (
    <section className="panel" aria-labelledby="forecast-title">
      <div className="panel-head">
        <h2 id="forecast-title">{words.title}</h2>
      </div>
      {forecast === null ? (
        <p className="quiet-text">{words.none[why ?? "no-trend"]}</p>
      ) : (
        <>
          <p className="forecast-likely">
            {messages.tile.toLimit(
              spanText(forecast.inMs, messages.span),
              `${formatLimit(forecast.limitC)} °C`,
            )}
          </p>
          <p>
            {words.interval} · {intervalText(forecast, messages)}
          </p>
          <p className="quiet-text small">{words.note}</p>
        </>
      )}
    </section>
  );
}
