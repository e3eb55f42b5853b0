import type { AedesOptions, AuthenticateError, Client } from "aedes";
import { UnbrokenError, type Code } from "@unbroken/errors";
import type { NewRecord } from "@unbroken/event-log";
import type { Registry } from "@unbroken/model";
import type { AppendQueue } from "./append-queue.ts";
import type { ClockWatch } from "./clock-watch.ts";
import type { DeviceConnection } from "./device-connection.ts";
import type { DeviceSessions } from "./device-sessions.ts";
import { bodyOf, identify, type Identity } from "./identity.ts";
import { mayPublish, maySubscribe } from "./topic-rules.ts";

export interface BrokerRulesDeps {
  readonly registry: () => Registry;
  /** Resolves when the registry knows every fact that is in the log now. */
  readonly refreshRegistry: () => Promise<void>;
  readonly sessions: DeviceSessions;
  readonly queue: AppendQueue;
  readonly clock: ClockWatch;
  readonly monotonic: () => number;
  /** Seconds, as MQTT counts keep-alive. */
  readonly keepaliveMaxSeconds: number;
  readonly isAccepting: () => boolean;
  readonly connectionOf: (client: Client) => DeviceConnection | undefined;
  readonly onSubscribeRefused: () => void;
}

type Hooks = Required<
  Pick<AedesOptions, "preConnect" | "authenticate" | "authorizePublish" | "authorizeSubscribe">
>;

/** CONNACK return codes of MQTT 3.1.1 §3.2.2.3. */
const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

/** 1 to 128 characters, none of them a control, format, surrogate, private or unassigned one. */
const CLIENT_ID = /^\P{C}{1,128}$/u;

const EMPTY = Buffer.alloc(0);

interface Answer {
  readonly identity: Identity | null;
  readonly refusal: { readonly code: Code; readonly returnCode: number } | null;
}

/** Who may connect, publish and subscribe, and the append that stands before every acknowledgement. */
export function brokerRules(deps: BrokerRulesDeps): Hooks {
  const answers = new WeakMap<Client, Answer>();
  let serial = 0;

  const prepare = (packet: Parameters<Hooks["preConnect"]>[1], answer: Answer): void => {
    serial += 1;
    // Two devices may choose the same client id: each has its own names.
    const name = packet.clientId === "" ? `#${serial}` : packet.clientId;
    packet.clientId =
      answer.identity === null ? `refused/${serial}` : `${answer.identity.key}/${name}`;
    // A will is what the broker says in the device's name when it is gone: never a reading. Not kept, not sent.
    delete packet.will;
    // Nothing is kept for a client that is away, and CONNACK says so: session present 0.
    packet.clean = true;
    // MQTT 3.1.1 §3.1.2.10 lets the server end silent connections whatever the client asked for.
    if (
      packet.keepalive === undefined ||
      packet.keepalive === 0 ||
      packet.keepalive > deps.keepaliveMaxSeconds
    )
      packet.keepalive = deps.keepaliveMaxSeconds;
  };

  return {
    // All is decided here, before aedes gives the connection a client id, so that nobody who has not proved who it
    // is can touch what is kept under another's. `authenticate` only speaks the decision, in a CONNACK.
    preConnect(client, packet, done) {
      const decide = (answer: Answer): void => {
        answers.set(client, answer);
        prepare(packet, answer);
        done(null, true);
      };
      const first = answerOf(deps, packet);
      if (first.refusal?.code !== "UB_AUTH_FAILED") {
        decide(first);
        return;
      }
      // Registered a moment ago? Many clients give up for good once they are refused: look before saying no.
      deps.refreshRegistry().then(
        () => decide(answerOf(deps, packet)),
        () => decide(first),
      );
    },

    authenticate(client, _username, _password, done) {
      const answer = answers.get(client);
      const connection = deps.connectionOf(client);
      if (answer === undefined || connection === undefined)
        throw new Error("authenticate before preConnect");
      if (answer.identity !== null) {
        connection.accept(answer.identity, deps.sessions.open(answer.identity, connection));
        done(null, true);
        return;
      }
      const { code, returnCode } = answer.refusal ?? UNAVAILABLE;
      connection.refuse(code);
      done(refusalOf(code, returnCode), false);
    },

    // aedes writes PUBACK as soon as this calls back: so the append comes first.
    authorizePublish(client, packet, done) {
      const connection = client === null ? undefined : deps.connectionOf(client);
      const identity = connection?.identity;
      if (connection === undefined || identity === undefined || identity === null) {
        done(new UnbrokenError("UB_FORBIDDEN_TOPIC"));
        return;
      }
      // MQTT 3.1.1 has no negative PUBACK: the connection ends.
      if (!mayPublish(identity, packet.topic)) {
        connection.end("UB_FORBIDDEN_TOPIC");
        done(new UnbrokenError("UB_FORBIDDEN_TOPIC"));
        return;
      }
      const payload =
        typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
      holdUntilDurable(deps, connection, identity, payload, (error) => {
        // For QoS 2 aedes keeps the packet until PUBREL; the log has its payload.
        packet.payload = EMPTY;
        done(error);
      });
    },

    authorizeSubscribe(client, subscription, done) {
      const identity = deps.connectionOf(client)?.identity ?? null;
      const isOwn = identity !== null && maySubscribe(identity, subscription.topic);
      if (!isOwn) deps.onSubscribeRefused();
      // null answers 0x80, failure (MQTT 3.1.1 §3.9.3).
      done(null, isOwn ? subscription : null);
    },
  };
}

const UNAVAILABLE = { code: "UB_LOG_CLOSED", returnCode: SERVER_UNAVAILABLE } as const;

function answerOf(
  deps: BrokerRulesDeps,
  packet: { clientId: string; clean?: boolean; username?: string; password?: Buffer },
): Answer {
  if (!deps.isAccepting()) return { identity: null, refusal: UNAVAILABLE };
  // MQTT 3.1.1 §3.1.3.1: an empty client id is for clean sessions only.
  const isNamed = packet.clientId === "" ? packet.clean === true : CLIENT_ID.test(packet.clientId);
  if (!isNamed)
    return {
      identity: null,
      refusal: { code: "UB_MQTT_PROTOCOL", returnCode: IDENTIFIER_REJECTED },
    };
  const identity = identify(deps.registry(), packet.username, packet.password);
  if (identity === "UB_AUTH_REQUIRED")
    return { identity: null, refusal: { code: identity, returnCode: NOT_AUTHORIZED } };
  if (identity === "UB_AUTH_FAILED")
    return { identity: null, refusal: { code: identity, returnCode: BAD_USER_NAME_OR_PASSWORD } };
  return { identity, refusal: null };
}

function refusalOf(code: Code, returnCode: number): AuthenticateError {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- aedes declares a const enum, which isolated modules cannot name
  return Object.assign(new UnbrokenError(code), { returnCode });
}

function holdUntilDurable(
  deps: BrokerRulesDeps,
  connection: DeviceConnection,
  identity: Identity,
  payload: Uint8Array,
  done: (error?: Error | null) => void,
): void {
  const { receivedAt, clock } = deps.clock.stamp();
  const record: NewRecord = {
    topic: "messages",
    organisation: identity.organisation,
    key: identity.key,
    receivedAt,
    clock,
    body: bodyOf(identity, payload),
  };
  const bytes = record.body.length;
  connection.hold(bytes);
  deps.queue.push({
    record,
    arrivedAt: deps.monotonic(),
    acknowledge: () => {
      connection.unhold(bytes);
      // Called back after its end, aedes would only report the connection's end as an error.
      if (connection.isOpen) done(null);
    },
    giveUp: (code) => {
      connection.end(code);
    },
    isAbandoned: () => !connection.isOpen,
  });
}
