import type { DeviceConnection } from "./device-connection.ts";

const LOOK_EVERY_MS = 20;

/** Connections from which nothing is read for the moment, looked through by one timer, which runs only while there are any. */
export class StalledReads {
  readonly #stalled = new Set<DeviceConnection>();
  readonly #onThrottled: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(onThrottled: () => void) {
    this.#onThrottled = onThrottled;
  }

  add(connection: DeviceConnection): void {
    this.#stalled.add(connection);
    this.#timer ??= setInterval(() => {
      this.#look();
    }, LOOK_EVERY_MS);
  }

  /** A message was made to wait by the rate of its device. */
  addThrottled(connection: DeviceConnection): void {
    this.#onThrottled();
    this.add(connection);
  }

  delete(connection: DeviceConnection): void {
    this.#stalled.delete(connection);
    this.#stopIfIdle();
  }

  #look(): void {
    for (const connection of this.#stalled) {
      if (!connection.isOpen) this.#stalled.delete(connection);
      else if (connection.mayRead()) {
        this.#stalled.delete(connection);
        // The broker reads on this event; it is what the stream itself would say.
        connection.socket.emit("readable");
      }
    }
    this.#stopIfIdle();
  }

  #stopIfIdle(): void {
    if (this.#stalled.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
