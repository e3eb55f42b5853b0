/** One of a few values, kept in the browser; works without storage too, for as long as the page is open. */
export interface StoredChoice<T extends string> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly subscribe: (onChange: () => void) => () => void;
}

export function storedChoice<T extends string>(
  key: string,
  values: readonly T[],
  fallback: T,
): StoredChoice<T> {
  let value = values.find((one) => one === read(key)) ?? fallback;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      write(key, next);
      for (const listener of listeners) listener();
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

// Storage is refused in private windows and by policies; that must not stop the board.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Kept in memory only.
  }
}
