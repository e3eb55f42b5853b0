import { useSyncExternalStore } from "react";
import { useBoard, useConnection } from "../data/board-store.ts";
import { signOut } from "../data/session.ts";
import { toggleLanguage, useMessages } from "../i18n/language.ts";
import { navigate, type Route } from "../routing.ts";
import { cycleTheme, themeChoice } from "../theme/preference.ts";
import { Icon, Logo } from "./icons.tsx";
import { Link } from "./link.tsx";

export function TopBar({ page, onKeys }: { readonly page: Route["page"]; onKeys: () => void }) {
  const messages = useMessages();
  const { quarantined } = useBoard();
  return (
    <header className="top">
      <a className="skip" href="#content">
        {messages.nav.skip}
      </a>
      <Link className="brand" href="/">
        <Logo />
        <span>{messages.product}</span>
      </Link>
      <nav className="nav">
        <Link href="/" className="nav-link" aria-current={page === "board" ? "page" : undefined}>
          <Icon name="board" />
          <span>{messages.nav.board}</span>
        </Link>
        <Link
          href="/quarantine"
          className="nav-link"
          aria-current={page === "quarantine" ? "page" : undefined}
        >
          <Icon name="inbox" />
          <span>{messages.nav.quarantine}</span>
          {quarantined > 0 ? <span className="count number">{quarantined}</span> : null}
        </Link>
      </nav>
      <LiveMark />
      <div className="top-tools">
        <button
          type="button"
          className="button quiet icon wide-only"
          title={messages.wall.enter}
          aria-label={messages.wall.enter}
          onClick={() => navigate("/?wall")}
        >
          <Icon name="wall" />
        </button>
        <button
          type="button"
          className="button quiet icon wide-only"
          title={messages.keys.open}
          aria-label={messages.keys.open}
          onClick={onKeys}
        >
          <Icon name="keys" />
        </button>
        <ThemeButton />
        <button type="button" className="button quiet language" onClick={toggleLanguage}>
          <span lang={messages.otherLanguage === "English" ? "en" : "zh-CN"}>
            {messages.otherLanguage}
          </span>
        </button>
        <button
          type="button"
          className="button quiet icon"
          title={messages.login.signOut}
          aria-label={messages.login.signOut}
          onClick={() => void signOut()}
        >
          <Icon name="leave" />
        </button>
      </div>
    </header>
  );
}

function LiveMark() {
  const messages = useMessages();
  const { kind } = useConnection();
  if (kind === "lost") return <span className="live-mark" />;
  return (
    <span className={`live-mark ${kind}`}>
      <span className="live-dot" aria-hidden="true" />
      {kind === "live" ? messages.connection.live : messages.connection.connecting}
    </span>
  );
}

export function ThemeButton() {
  const messages = useMessages();
  const theme = useSyncExternalStore(themeChoice.subscribe, themeChoice.get);
  const label = `${messages.theme.label}: ${messages.theme[theme]}`;
  const icon = ({ auto: "auto", light: "sun", dark: "moon" } as const)[theme];
  return (
    <button
      type="button"
      className="button quiet icon"
      title={label}
      aria-label={label}
      onClick={cycleTheme}
    >
      <Icon name={icon} />
    </button>
  );
}
