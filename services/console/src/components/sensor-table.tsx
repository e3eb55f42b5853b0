import type { SpaceNow } from "@unbroken/model";
import type { SpaceFacts } from "../data/facts.ts";
import { useNow } from "../data/clock.ts";
import { formatLimit } from "../format/number.ts";
import { shortSpanText } from "../format/span.ts";
import { fullDayText, momentText } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";
import { describedOf } from "../board/sensor-known.ts";
import { Icon } from "./icons.tsx";
import { Temperature } from "./temperature.tsx";

/** Each probe with its last value and how old that is; a dead probe says so instead of a number. */
export function SensorTable({
  space,
  facts,
}: {
  readonly space: SpaceNow;
  /** Null until they are fetched. */
  readonly facts: SpaceFacts | null;
}) {
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
                {facts === null ? null : (
                  <Known sensor={sensor.sensor} facts={facts} zone={space.zone} now={now} />
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

/** What is known of a probe: how far its values may be from the truth, and until when that was checked. */
function Known({
  sensor,
  facts,
  zone,
  now,
}: {
  readonly sensor: string;
  readonly facts: SpaceFacts;
  readonly zone: string;
  readonly now: number;
}) {
  const { space: words } = useMessages();
  const language = useLanguage();
  const described = describedOf(sensor, facts);
  const accuracy = described?.accuracy_k ?? null;
  const due = described?.calibration_due ?? null;
  const isLapsed = due !== null && Date.parse(due) <= now;
  const day = due === null ? "" : fullDayText(Date.parse(due), zone, language);
  return (
    <span className={`sensor-known${isLapsed ? " lapsed" : ""}`}>
      {isLapsed ? <Icon name="alert" size={12} /> : null}
      {accuracy === null ? words.accuracyUnknown : words.accuracy(formatLimit(accuracy))}
      {due === null
        ? null
        : ` · ${isLapsed ? words.calibrationLapsed(day) : words.calibrationDue(day)}`}
    </span>
  );
}
