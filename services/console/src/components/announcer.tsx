import { useBoard, useConnection } from "../data/board-store.ts";
import { useMessages } from "../i18n/language.ts";

/** Speaks to screen readers: each opened, closed or retracted excursion once, readings never. */
export function Announcer() {
  const messages = useMessages();
  const { announcements } = useBoard();
  const connection = useConnection();
  return (
    <div className="visually-hidden">
      <div role="log" aria-live="assertive" aria-relevant="additions">
        {announcements.map(({ change, excursion }) => (
          <p key={`${excursion.id} ${change}`}>
            {change === "opened"
              ? messages.announce.opened(excursion.space_name, messages.side[excursion.side])
              : messages.announce[change](excursion.space_name)}
          </p>
        ))}
      </div>
      <p aria-live="polite">{connection.kind === "lost" ? messages.announce.connectionLost : ""}</p>
    </div>
  );
}
