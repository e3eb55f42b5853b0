import type { SpaceNow } from "@unbroken/model";

const isUrgent = ({ condition }: SpaceNow) =>
  condition === "broken" || condition === "out" || condition === "warming";

/**
 * Cuts the board into pages of `room` tiles. What is urgent stands on every page, up to half of it, so that nobody has
 * to wait for its turn; the rest takes turns. At least one page, even when empty.
 */
export function wallPages(
  sorted: readonly SpaceNow[],
  room: number,
): readonly (readonly SpaceNow[])[] {
  if (sorted.length <= room) return [sorted];
  const pinned = sorted.filter(isUrgent).slice(0, Math.floor(room / 2));
  const others = sorted.filter((space) => !pinned.includes(space));
  const each = room - pinned.length;
  return Array.from({ length: Math.ceil(others.length / each) }, (_, page) => [
    ...pinned,
    ...others.slice(page * each, (page + 1) * each),
  ]);
}
