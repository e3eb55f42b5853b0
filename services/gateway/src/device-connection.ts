import { Readable } from "node:stream";
import type { Socket } from "node:net";
import type { Code } from "@unbroken/errors";
import { FrameScanner, MALFORMED, type FrameRules } from "./frame-scanner.ts";
import type { Identity } from "./identity.ts";
import type { StalledReads } from "./stalled-reads.ts";
import type { TokenBucket } from "./token-bucket.ts";

export interface ConnectionDeps {
  readonly connectBytesMax: number;
  readonly packetBytesMax: number;
  readonly monotonic: () => number;
  readonly stalled: StalledReads;
  /** Whether so much waits for the disk that nothing more is read from anybody. */
  readonly isFlooded: () => boolean;
  /** Told once, when the gateway ends the connection. */
  readonly onRefused: (connection: DeviceConnection, code: Code) => void;
}

const PUBLISH = 3;
/** Unacknowledged messages of one connection, beyond which no more is read from it. */
const HELD_MAX = 2_000;
const HELD_BYTES_MAX = 1_048_576;

/**
 * A socket on its way into the broker. It stands between the two by taking the place of `socket.read`, which is
 * where the broker gets its bytes: what is too large is cut before it is kept, and what has to wait (for CONNECT to
 * be accepted, for the device's rate, for the disk) is not read, so that TCP holds the sender back.
 */
export class DeviceConnection implements FrameRules {
  readonly socket: Socket;
  readonly #deps: ConnectionDeps;
  readonly #scanner: FrameScanner;
  #phase: "before-connect" | "connecting" | "accepted" = "before-connect";
  #identity: Identity | null = null;
  #bucket: TokenBucket | null = null;
  #refusal: Code | null = null;
  #isCut = false;
  #held = 0;
  #heldBytes = 0;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.socket = socket;
    this.#deps = deps;
    this.#scanner = new FrameScanner(this);
    socket.read = (size?: number) => this.#read(size);
  }

  get identity(): Identity | null {
    return this.#identity;
  }

  /** Why the gateway ended it; null while it is open and when the peer left by itself. */
  get refusal(): Code | null {
    return this.#refusal;
  }

  get isOpen(): boolean {
    return this.#refusal === null && !this.socket.destroyed;
  }

  /** CONNECT was accepted: from now on it speaks for this identity, at the pace of this bucket. */
  accept(identity: Identity, bucket: TokenBucket): void {
    this.#identity = identity;
    this.#bucket = bucket;
    this.#phase = "accepted";
  }

  /** Ends the connection at once; what was not acknowledged will be sent again. */
  end(code: Code): void {
    if (!this.isOpen) return;
    this.#refusal = code;
    this.#deps.onRefused(this, code);
    this.socket.destroy();
  }

  /** Says why, while the broker still has to answer CONNECT with a code before it ends the connection. */
  refuse(code: Code): void {
    if (this.#refusal !== null) return;
    this.#refusal = code;
    this.#deps.onRefused(this, code);
  }

  hold(bytes: number): void {
    this.#held += 1;
    this.#heldBytes += bytes;
  }

  unhold(bytes: number): void {
    this.#held -= 1;
    this.#heldBytes -= bytes;
  }

  bytesMax(firstByte: number): number {
    // Only a PUBLISH has reason to be large; a SUBSCRIBE of a megabyte names 300,000 filters.
    const isLargeAllowed = this.#phase === "accepted" && firstByte >> 4 === PUBLISH;
    return isLargeAllowed ? this.#deps.packetBytesMax : this.#deps.connectBytesMax;
  }

  admits(firstByte: number): boolean {
    if (this.#phase === "before-connect") {
      this.#phase = "connecting";
      return true;
    }
    if (this.#phase === "connecting") return false;
    if (firstByte >> 4 !== PUBLISH) return true;
    return this.#bucket?.take(this.#deps.monotonic()) === true;
  }

  /** Whether a read would give the broker anything but null, as far as the gateway is concerned. */
  mayRead(): boolean {
    if (this.#held >= HELD_MAX || this.#heldBytes >= HELD_BYTES_MAX || this.#deps.isFlooded())
      return false;
    if (!this.#isCut) return true;
    return this.#phase === "accepted" && this.#bucket?.hasOne(this.#deps.monotonic()) === true;
  }

  #read(size: number | undefined): Buffer | null {
    if (!this.isOpen) return null;
    if (!this.mayRead()) {
      // Waiting for CONNECT is not polled for: the broker reads again once it has accepted it.
      if (this.#phase === "accepted") this.#deps.stalled.add(this);
      return null;
    }
    this.#isCut = false;
    // A socket without an encoding gives buffers.
    const chunk = Readable.prototype.read.call(this.socket, size) as Buffer | null;
    if (chunk === null) return null;
    const passed = this.#scanner.scan(chunk);
    if (passed < 0) {
      this.end(passed === MALFORMED ? "UB_MQTT_PROTOCOL" : "UB_PAYLOAD_TOO_LARGE");
      return null;
    }
    if (passed === chunk.length) return chunk;
    this.#isCut = true;
    this.socket.unshift(chunk.subarray(passed));
    if (this.#phase === "accepted") this.#deps.stalled.addThrottled(this);
    return passed === 0 ? null : chunk.subarray(0, passed);
  }
}
