import { useSyncExternalStore } from "react";

// Ages are told by the server's clock: that of a phone may be wrong by minutes.
let offsetMs = 0;

export function setServerTime(at: number): void {
  const measured = at - Date.now();
  // The way of a message takes some time; small differences are not the clock's.
  if (Math.abs(measured - offsetMs) > 2_000) offsetMs = measured;
}

export function serverNow(): number {
  return Date.now() + offsetMs;
}

const listeners = new Set<() => void>();
let timer: number | undefined;

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  timer ??= window.setInterval(() => {
    for (const listener of listeners) listener();
  }, 1_000);
  return () => {
    listeners.delete(onChange);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time in steps, epoch ms; a component draws again only when a step has passed. */
export function useNow(stepMs = 1_000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(serverNow() / stepMs) * stepMs);
}
