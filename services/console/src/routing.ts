import { useSyncExternalStore } from "react";

export type Route =
  | { readonly page: "board"; readonly wall: boolean }
  | { readonly page: "space"; readonly organisation: string; readonly space: string }
  | { readonly page: "quarantine" };

/** The page that an address names; an address that names none is the board's. */
export function routeOf(pathname: string, search: string): Route {
  const [first, second, third] = pathname.split("/").filter((part) => part !== "");
  if (first === "quarantine") return { page: "quarantine" };
  if (first === "spaces" && second !== undefined && third !== undefined)
    return { page: "space", organisation: decode(second), space: decode(third) };
  return { page: "board", wall: new URLSearchParams(search).has("wall") };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function spaceAddress(space: { readonly organisation: string; readonly space: string }) {
  return `/spaces/${encodeURIComponent(space.organisation)}/${encodeURIComponent(space.space)}`;
}

const changed = "unbroken:navigated";

export function navigate(address: string): void {
  history.pushState({ inside: true }, "", address);
  window.dispatchEvent(new Event(changed));
  window.scrollTo(0, 0);
}

/** Back to where the reader came from inside the console; to the board when the page was opened directly. */
export function goBack(): void {
  const state: unknown = history.state;
  if (state === null) navigate("/");
  else history.back();
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  window.addEventListener(changed, onChange);
  return () => {
    window.removeEventListener("popstate", onChange);
    window.removeEventListener(changed, onChange);
  };
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [pathname = "/", search = ""] = address.split("?");
  return routeOf(pathname, search);
}
