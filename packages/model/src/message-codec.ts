import type { Message } from "./message.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The body of a `messages` record: `[u8 length][publisher][u16 length][MQTT topic][payload]`, big-endian. */
export function encodeMessageBody(
  message: Pick<Message, "publisher" | "mqttTopic" | "payload">,
): Uint8Array {
  const publisher = encoder.encode(message.publisher);
  const topic = encoder.encode(message.mqttTopic);
  if (publisher.length > 0xff || topic.length > 0xffff)
    throw new RangeError("publisher or MQTT topic too long");
  const body = new Uint8Array(3 + publisher.length + topic.length + message.payload.length);
  body[0] = publisher.length;
  body.set(publisher, 1);
  let at = 1 + publisher.length;
  body[at] = topic.length >> 8;
  body[at + 1] = topic.length & 0xff;
  at += 2;
  body.set(topic, at);
  body.set(message.payload, at + topic.length);
  return body;
}

/** @throws RangeError if the body is cut short; the log's checksum makes that a bug, not bad input. */
export function decodeMessageBody(
  body: Uint8Array,
): Pick<Message, "publisher" | "mqttTopic" | "payload"> {
  const publisherLength = byteAt(body, 0);
  const topicAt = 3 + publisherLength;
  const topicLength = (byteAt(body, topicAt - 2) << 8) | byteAt(body, topicAt - 1);
  if (topicAt + topicLength > body.length) throw new RangeError("message body cut short");
  return {
    publisher: decoder.decode(body.subarray(1, 1 + publisherLength)),
    mqttTopic: decoder.decode(body.subarray(topicAt, topicAt + topicLength)),
    payload: body.subarray(topicAt + topicLength),
  };
}

function byteAt(body: Uint8Array, at: number): number {
  const byte = body[at];
  if (byte === undefined) throw new RangeError("message body cut short");
  return byte;
}
