import type { SpaceNow } from "@unbroken/model";
import { useNow } from "../data/clock.ts";
import { shortSpanText } from "../format/span.ts";
import { momentText } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { Temperature } from "./temperature.tsx";

/** Each probe with its last value and how old that is; a dead probe says so instead of a number. */
export function SensorTable({ space }: { readonly space: SpaceNow }) {
  const messages = useMessages();
  const language = useLanguage();
  const now = useNow(10_000);
  const staleAfter = (space.profile?.cadence_ms ?? 300_000) * 1.5;
  const { space: words } = messages;
  return (
    <section className="panel" aria-labelledby="sensors-title">
      <div className="panel-head">
        <h2 id="sensors-title">
          {words.sensors} <span className="count number">{space.sensors.length}</span>
        </h2>
      </div>
      {space.sensors.length === 0 ? (
        <p className="quiet-text">{messages.tile.neverHeard}</p>
      ) : (
        <ul className="sensors">
          {space.sensors.map((sensor) => {
            const at = Date.parse(sensor.measured_at);
            const stale = now - at > staleAfter;
            return (
              <li key={sensor.sensor} className={stale ? "stale" : ""}>
                <code>{sensor.sensor}</code>
                {sensor.fault === null ? (
                  <span className="sensor-value">
                    <Temperature value={sensor.value_c} />
                  </span>
                ) : (
                  <span className="sensor-fault">{messages.fault[sensor.fault]}</span>
                )}
                <span className="sensor-age number">
                  {momentText(at, now, space.zone, language)} ·{" "}
                  {messages.ago(shortSpanText(now - at, messages.span))}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
