/** A value outside React that components read with useSyncExternalStore. */
export interface ExternalStore<T> {
  readonly get: () => T;
  readonly subscribe: (onChange: () => void) => () => void;
}

export class WritableStore<T> implements ExternalStore<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}
