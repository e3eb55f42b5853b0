import type { FeedEntry, FeedPart } from "./feed-ring.ts";

/** What a client wants to see. The one place in which the feed decides who sees what. */
export interface Subscription {
  readonly organisation: string | null;
  readonly spaces: ReadonlySet<string> | null;
  /** The same for equal subscriptions, so that texts are written once for all of them. */
  readonly key: string;
}

export function subscriptionOf(request: {
  readonly organisation?: string | undefined;
  readonly spaces?: readonly string[] | undefined;
}): Subscription {
  const spaces = request.spaces === undefined ? null : new Set(request.spaces);
  const key = JSON.stringify([
    request.organisation ?? null,
    spaces === null ? null : [...spaces].sort(),
  ]);
  return { organisation: request.organisation ?? null, spaces, key };
}

export function sees(
  { organisation, spaces }: Subscription,
  part: Pick<FeedPart, "organisation" | "space">,
): boolean {
  return (
    (organisation === null || organisation === part.organisation) &&
    (spaces === null || spaces.has(part.space))
  );
}

/** The message's text for a subscription; null if nothing of it is for that subscription. */
export function textFor(
  subscription: Subscription,
  entry: FeedEntry,
  epoch: string,
  quarantined: number,
): string | null {
  const parts = entry.parts.filter((part) => sees(subscription, part));
  const head = `{"type":"${entry.type}","epoch":"${epoch}","revision":${entry.revision},"at":"${entry.at}"`;
  if (entry.type === "excursion") {
    const json = parts[0]?.json;
    return json === undefined
      ? null
      : `${head},"change":"${entry.change ?? ""}","excursion":${json}}`;
  }
  const counts =
    subscription.organisation === null
      ? entry.quarantined.size > 0
      : entry.quarantined.has(subscription.organisation);
  if (parts.length === 0 && !counts) return null;
  return `${head},"spaces":[${parts.map(({ json }) => json).join(",")}],"quarantined":${quarantined}}`;
}
