import type { WebSocket } from "ws";
import type { Principal } from "../http/principal.ts";
import type { Subscription } from "./subscription.ts";

/** A client that has more than this waiting for it is sent nothing until it has read it. */
const BUFFER_MAX = 1_048_576;
/** It has read enough when less than this waits. */
const DRAINED = 65_536;
const STUCK_MS = 10_000;
const SAID_MAX = 20;

export type ClientState = "fine" | "drained" | "waiting" | "stuck" | "gone";

/**
 * One feed. Memory for it is bounded: when its reader is slow, messages are not kept for it; once it has caught up it
 * gets a fresh snapshot in their place, and if it reads nothing for ten seconds it is cut.
 */
export class FeedClient {
  readonly principal: Principal;
  readonly #socket: WebSocket;
  subscription: Subscription | null = null;
  alive = true;
  #lagging = false;
  #snapshotBytes = 0;
  #waiting = 0;
  #progressAt = 0;
  #said = 0;

  constructor(socket: WebSocket, principal: Principal) {
    this.#socket = socket;
    this.principal = principal;
  }

  /** @returns whether it was sent. */
  send(text: string, now: number): boolean {
    if (this.#lagging || this.#socket.readyState !== this.#socket.OPEN) return false;
    // A snapshot may be larger than the bound by itself, and must not be taken for a backlog.
    if (this.#socket.bufferedAmount > BUFFER_MAX + this.#snapshotBytes) {
      this.#lagging = true;
      this.#waiting = this.#socket.bufferedAmount;
      this.#progressAt = now;
      return false;
    }
    this.#socket.send(text);
    return true;
  }

  sendSnapshot(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#lagging = false;
    this.#snapshotBytes = Buffer.byteLength(text);
    this.#socket.send(text);
  }

  /** Looks at how the reader does; called a few times a second. */
  check(now: number): ClientState {
    if (this.#socket.readyState !== this.#socket.OPEN) return "gone";
    const waiting = this.#socket.bufferedAmount;
    if (waiting <= DRAINED) this.#snapshotBytes = 0;
    if (!this.#lagging) return "fine";
    if (waiting <= DRAINED) return "drained";
    if (waiting < this.#waiting) {
      this.#waiting = waiting;
      this.#progressAt = now;
    }
    return now - this.#progressAt > STUCK_MS ? "stuck" : "waiting";
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Counts what the client says. @returns false when it says more than a client has reason to. */
  maySpeak(): boolean {
    this.#said += 1;
    return this.#said <= SAID_MAX;
  }

  /** At each heartbeat: is it still there? @returns false if it did not answer the last one. */
  heartbeat(): boolean {
    this.#said = 0;
    if (!this.alive) return false;
    this.alive = false;
    this.#socket.ping();
    return true;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
