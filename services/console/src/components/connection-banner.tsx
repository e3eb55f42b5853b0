import { retryNow, useBoard, useConnection } from "../data/board-store.ts";
import { useNow } from "../data/clock.ts";
import { preciseClockText, viewerZone } from "../format/zoned-time.ts";
import { useLanguage, useMessages } from "../i18n/language.ts";

/** Says that what is shown is no longer live: since when, of when the state is, when it is tried again. */
export function ConnectionBanner() {
  const connection = useConnection();
  if (connection.kind !== "lost") return null;
  return <Lost since={connection.since} retryAt={connection.retryAt} />;
}

function Lost({ since, retryAt }: { readonly since: number; readonly retryAt: number }) {
  const messages = useMessages();
  const language = useLanguage();
  const { at } = useBoard();
  // The step is a second; the value itself is not used, for retries are timed by this browser's clock.
  useNow();
  const seconds = Math.ceil((retryAt - Date.now()) / 1_000);
  const clock = (moment: number) => preciseClockText(moment, viewerZone, language);
  return (
    <div className="banner" role="status">
      <strong>{messages.connection.lost(clock(since))}</strong>
      <span>
        {at === null ? messages.connection.never : messages.connection.lastState(clock(at))}
      </span>
      <span className="banner-retry number" aria-hidden="true">
        {seconds > 0 ? messages.connection.retryIn(seconds) : messages.connection.retrying}
      </span>
      <button type="button" className="button" onClick={retryNow}>
        {messages.connection.retryNow}
      </button>
    </div>
  );
}
