/** Which of several boxes is reached from one of them by an arrow key: the nearest in that direction, in its row first. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Direction = "up" | "down" | "left" | "right";

export function neighbourOf(boxes: readonly Box[], from: number, direction: Direction): number {
  const start = boxes[from];
  if (start === undefined) return boxes.length > 0 ? 0 : -1;
  if (direction === "left" || direction === "right") {
    const next = from + (direction === "right" ? 1 : -1);
    return next >= 0 && next < boxes.length ? next : from;
  }
  const [x, y] = centreOf(start);
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  boxes.forEach((box, i) => {
    const [bx, by] = centreOf(box);
    const ahead = direction === "down" ? by - y : y - by;
    if (i === from || ahead < Math.min(start.height, box.height) / 2) return;
    // A row further away must never win over a nearer one by being straight ahead.
    const distance = ahead * 8 + Math.abs(bx - x);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

function centreOf(box: Box): readonly [x: number, y: number] {
  return [box.left + box.width / 2, box.top + box.height / 2];
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  j: "right",
  k: "left",
};

/** Presses the button that acknowledges: of the chosen tile, or the first of the page. Tells whether there is one. */
export function pressAcknowledge(page: "board" | "space"): boolean {
  const slot =
    page === "board" ? document.activeElement?.closest("[data-alert-slot]") : document.body;
  const button = slot?.querySelector<HTMLButtonElement>("button[data-acknowledge]") ?? null;
  button?.click();
  return button !== null;
}

/** Moves the focus over the tiles; tells whether the key was one of its own. */
export function moveOverTiles(key: string): boolean {
  const direction = directions[key];
  if (direction === undefined) return false;
  const tiles = [...document.querySelectorAll<HTMLElement>("[data-tile]")];
  if (tiles.length === 0) return false;
  const at = tiles.findIndex((tile) => tile === document.activeElement);
  const boxes = tiles.map((tile) => tile.getBoundingClientRect());
  const target = tiles[neighbourOf(boxes, at, direction)];
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
  return true;
}
