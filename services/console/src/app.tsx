import { useEffect, useState, useSyncExternalStore } from "react";
import { Announcer } from "./components/announcer.tsx";
import { ConnectionBanner } from "./components/connection-banner.tsx";
import { KeysDialog } from "./components/keys-dialog.tsx";
import { moveOverTiles, pressAcknowledge } from "./components/tile-keys.ts";
import { TopBar } from "./components/top-bar.tsx";
import { startBoard, stopBoard, useConnection } from "./data/board-store.ts";
import { session } from "./data/session.ts";
import { toggleLanguage } from "./i18n/language.ts";
import { BoardPage } from "./pages/board-page.tsx";
import { LoginPage } from "./pages/login-page.tsx";
import { QuarantinePage } from "./pages/quarantine-page.tsx";
import { SpacePage } from "./pages/space-page.tsx";
import { WallPage } from "./pages/wall-page.tsx";
import { goBack, navigate, useRoute, type Route } from "./routing.ts";
import { cycleTheme } from "./theme/preference.ts";

export function App() {
  const state = useSyncExternalStore(session.subscribe, session.get);
  if (state === "unknown") return null;
  return state === "signed-out" ? <LoginPage /> : <SignedIn />;
}

function SignedIn() {
  const route = useRoute();
  const [keysShown, setKeysShown] = useState(false);
  const { kind } = useConnection();
  useEffect(() => {
    startBoard();
    return stopBoard;
  }, []);
  useShortcuts(route, () => setKeysShown(true));
  const wall = route.page === "board" && route.wall;
  return (
    <div className={`shell ${kind}`}>
      {wall ? null : <TopBar page={route.page} onKeys={() => setKeysShown(true)} />}
      <ConnectionBanner />
      <Page route={route} />
      <Announcer />
      {keysShown ? <KeysDialog onClose={() => setKeysShown(false)} /> : null}
    </div>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case "board":
      return route.wall ? <WallPage /> : <BoardPage />;
    case "space":
      return (
        <SpacePage
          key={`${route.organisation}/${route.space}`}
          organisation={route.organisation}
          space={route.space}
        />
      );
    case "quarantine":
      return <QuarantinePage />;
  }
}

/** Keys that work everywhere but in a field. */
function useShortcuts(route: Route, onHelp: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]") !== null) return;
      if (event.target instanceof HTMLInputElement) leaveField(event);
      else if (act(event.key, route, onHelp)) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [route, onHelp]);
}

function act(key: string, route: Route, onHelp: () => void): boolean {
  switch (key) {
    case "?":
      onHelp();
      return true;
    case "/":
      document.getElementById("filter")?.focus();
      return true;
    case "w":
      navigate(route.page === "board" && route.wall ? "/" : "/?wall");
      return true;
    case "t":
      cycleTheme();
      return true;
    case "l":
      toggleLanguage();
      return true;
    case "a":
      return (route.page === "board" || route.page === "space") && pressAcknowledge(route.page);
    case "Escape":
      if (route.page === "board" && !route.wall) return false;
      goBack();
      return true;
    default:
      return route.page === "board" && moveOverTiles(key);
  }
}

// From the filter: Esc leaves it, the down arrow goes to the first tile found.
function leaveField(event: KeyboardEvent): void {
  const field = event.target;
  if (!(field instanceof HTMLInputElement)) return;
  if (event.key === "Escape") field.blur();
  if (event.key === "ArrowDown" && moveOverTiles("ArrowDown")) event.preventDefault();
}
