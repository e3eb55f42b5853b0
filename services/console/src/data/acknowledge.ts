import { useSyncExternalStore } from "react";
import type { AlertView } from "@unbroken/model";
import { codeOf, postJson } from "./api.ts";
import { WritableStore } from "./external-store.ts";

/** What this browser has asked for, until the feed tells it too. */
export type Asking =
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "done"; readonly alert: AlertView };

const asked = new WritableStore<ReadonlyMap<string, Asking>>(new Map());

const keyOf = ({ organisation, id }: Pick<AlertView, "organisation" | "id">) =>
  `${organisation}/${id}`;

/** States that somebody has it in hand. What became of it is told by `useAsked`. */
export async function acknowledge(alert: AlertView, note: string): Promise<void> {
  if (asked.get().get(keyOf(alert))?.kind === "busy") return;
  put(alert, { kind: "busy" });
  const path = `/organisations/${encodeURIComponent(alert.organisation)}/alerts/${encodeURIComponent(alert.id)}/acknowledgements`;
  try {
    const body = note.trim() === "" ? {} : { note: note.trim() };
    put(alert, { kind: "done", alert: await postJson<AlertView>(path, body) });
  } catch (problem) {
    put(alert, { kind: "failed", code: codeOf(problem) });
  }
}

export function useAsked(alert: AlertView): Asking | null {
  const key = keyOf(alert);
  return useSyncExternalStore(asked.subscribe, () => asked.get().get(key) ?? null);
}

/** The alert as it is known best: as the feed has it, unless our own answer knows of an acknowledgement more. */
export function knownAlert(alert: AlertView, asking: Asking | null): AlertView {
  if (asking?.kind !== "done") return alert;
  return asking.alert.acknowledgements.length > alert.acknowledgements.length
    ? asking.alert
    : alert;
}

function put(alert: AlertView, asking: Asking): void {
  asked.set(new Map(asked.get()).set(keyOf(alert), asking));
}
