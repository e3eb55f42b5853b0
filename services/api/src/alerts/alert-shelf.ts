import type { OutputReader } from "@unbroken/event-log";
import { Alert, CAUSES, keyOf } from "@unbroken/model";

const PAGE = 500;
/** The notifier stores often while it works; who looks at a board sees no difference. */
const PAUSE_MS = 150;

interface Row {
  readonly bytes: Uint8Array;
  readonly alert: Alert;
}

/** The latest alert of every cause, as the notifier keeps them: read again whenever it has stored something. */
export class AlertShelf {
  readonly #reader: OutputReader;
  #rows = new Map<string, Row>();
  #bySpace = new Map<string, readonly Alert[]>();
  readonly #listeners = new Set<(organisation: string, space: string) => void>();
  #reading: Promise<void> = Promise.resolve();

  constructor(reader: OutputReader) {
    this.#reader = reader;
  }

  /** Told of each space whose alerts changed. */
  listen(listener: (organisation: string, space: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Follows from now on. @returns how to stop */
  follow(failed: (error: unknown) => void): () => Promise<void> {
    let timer: NodeJS.Timeout | null = null;
    const unsubscribe = this.#reader.onCommitted(() => {
      timer ??= setTimeout(() => {
        timer = null;
        this.read().catch(failed);
      }, PAUSE_MS);
    });
    return async () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
      await this.#reading.catch(() => undefined);
    };
  }

  /** Resolves when all that was stored before the call is seen. */
  read(): Promise<void> {
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#readAll());
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    const rows = new Map<string, Row>();
    const changed = new Map<string, Alert>();
    for (let after: string | null = null; ;) {
      const page = await this.#reader.scanState(0, CAUSES, after, PAGE);
      for (const [key, bytes] of page) {
        const before = this.#rows.get(key);
        if (before !== undefined && Buffer.compare(before.bytes, bytes) === 0) {
          rows.set(key, before);
          continue;
        }
        const alert = Alert.parse(JSON.parse(Buffer.from(bytes).toString()));
        rows.set(key, { bytes, alert });
        changed.set(keyOf(alert.organisation, alert.space), alert);
      }
      after = page.at(-1)?.[0] ?? null;
      if (after === null) break;
    }
    this.#rows = rows;
    this.#bySpace = grouped(rows);
    for (const { organisation, space } of changed.values())
      for (const listener of this.#listeners) listener(organisation, space);
  }

  /** The latest of each cause, ended or not. */
  latest(): readonly Alert[] {
    return [...this.#rows.values()].map(({ alert }) => alert);
  }

  /** Alerts of a space that are not over, the oldest first. */
  openOf(organisation: string, space: string): readonly Alert[] {
    return this.#bySpace.get(keyOf(organisation, space)) ?? [];
  }
}

function grouped(rows: ReadonlyMap<string, Row>): Map<string, readonly Alert[]> {
  const spaces = new Map<string, Alert[]>();
  for (const { alert } of rows.values()) {
    if (alert.phase === "ended") continue;
    const key = keyOf(alert.organisation, alert.space);
    spaces.set(key, [...(spaces.get(key) ?? []), alert]);
  }
  for (const alerts of spaces.values()) alerts.sort((a, b) => a.openedAt - b.openedAt);
  return spaces;
}
