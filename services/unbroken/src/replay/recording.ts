import { UnbrokenError } from "@unbroken/errors";
import type { NewRecord } from "@unbroken/event-log";
import {
  Fact,
  OrganisationId,
  DeviceId,
  encodeMessageBody,
  entityOf,
  keyOf,
  upTopic,
} from "@unbroken/model";
import { parseIsoTime, type EpochMs } from "@unbroken/units";

/** What of a recording could not be taken, with its line. */
export interface RefusedLine {
  readonly file: "messages" | "facts";
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface Recording {
  /** As the log would have held them: by the time of our clock, facts before the messages of the same moment. */
  readonly records: readonly NewRecord[];
  readonly refused: readonly RefusedLine[];
}

/**
 * Puts recorded messages and facts in the order in which the log had them. The order of the lines does not show, nor
 * does a line that is there twice.
 */
export function recordingOf(messages: string, facts: string): Recording {
  const refused: RefusedLine[] = [];
  const taken = [
    ...recordsOf("facts", facts, factRecord, refused),
    ...recordsOf("messages", messages, messageRecord, refused),
  ];
  return { records: inOrder(taken), refused };
}

interface Ordered {
  readonly record: NewRecord;
  /** What tells two records of one moment apart, so that the order of lines does not. */
  readonly rank: string;
}

function recordsOf(
  file: RefusedLine["file"],
  text: string,
  read: (line: unknown) => Ordered,
  refused: RefusedLine[],
): readonly Ordered[] {
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      return [read(parsed(line))];
    } catch (error) {
      if (!(error instanceof UnbrokenError)) throw error;
      refused.push({ file, line: i + 1, code: error.code, message: error.message });
      return [];
    }
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new UnbrokenError("UB_REQUEST_INVALID", "the line is not JSON", {}, { cause });
  }
}

function factRecord(line: unknown): Ordered {
  const found = Fact.safeParse(line);
  if (!found.success) {
    const issue = found.error.issues[0];
    const place = (issue?.path ?? []).map((key) => `/${String(key)}`).join("");
    throw new UnbrokenError("UB_REQUEST_INVALID", `no fact: ${place} ${issue?.message ?? ""}`);
  }
  const fact = found.data;
  return {
    rank: `0 ${fact.id}`,
    record: {
      topic: "facts",
      organisation: fact.organisation,
      key: keyOf(fact.organisation, entityOf(fact.statement)),
      receivedAt: fact.statedAt,
      clock: "steady",
      body: Buffer.from(JSON.stringify(fact)),
    },
  };
}

function messageRecord(line: unknown): Ordered {
  const message = membersOf(line);
  const receivedAt = timeOf(message);
  const [organisation, device] = identityOf(message);
  const payload = payloadOf(message);
  const mqttTopic = textOf(message, "topic") ?? upTopic(organisation, device);
  const body = encodeMessageBody({ publisher: device, mqttTopic, payload });
  return {
    rank: `1 ${organisation}/${device} ${mqttTopic} ${Buffer.from(payload).toString("base64")}`,
    record: {
      topic: "messages",
      organisation,
      key: keyOf(organisation, device),
      receivedAt,
      clock: "steady",
      body,
    },
  };
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(line: unknown): Members {
  if (typeof line === "object" && line !== null && !Array.isArray(line)) return line as Members;
  throw new UnbrokenError("UB_REQUEST_INVALID", "a line is a JSON object");
}

function textOf(message: Members, key: string): string | null {
  const value = message[key] ?? null;
  if (value === null || typeof value === "string") return value;
  throw new UnbrokenError("UB_REQUEST_INVALID", `${key} is text`);
}

function timeOf(message: Members): EpochMs {
  const at = parseIsoTime(textOf(message, "received_at") ?? "");
  if (at !== null) return at;
  throw new UnbrokenError("UB_TIME_INVALID", "received_at is an RFC 3339 time with offset");
}

/** Who sent it: `identity`, as the connection told it; the payload never does. */
function identityOf(message: Members): readonly [organisation: string, device: string] {
  const [organisation, device, ...rest] = (textOf(message, "identity") ?? "").split("/");
  const known =
    OrganisationId.safeParse(organisation).success && DeviceId.safeParse(device).success;
  if (known && rest.length === 0 && organisation !== undefined && device !== undefined)
    return [organisation, device];
  throw new UnbrokenError("UB_REQUEST_INVALID", "identity is organisation/device");
}

function payloadOf(message: Members): Uint8Array {
  const hex = textOf(message, "payload_hex");
  if (hex !== null) {
    if (hex.length % 2 === 1 || !/^[0-9a-f]*$/i.test(hex))
      throw new UnbrokenError("UB_REQUEST_INVALID", "payload_hex is pairs of hexadecimal digits");
    return Buffer.from(hex, "hex");
  }
  const text = textOf(message, "payload_text");
  if (text !== null) return Buffer.from(text);
  if (!("payload" in message))
    throw new UnbrokenError(
      "UB_REQUEST_INVALID",
      "one of payload, payload_text and payload_hex is needed",
    );
  return Buffer.from(JSON.stringify(message["payload"]));
}

function inOrder(taken: readonly Ordered[]): readonly NewRecord[] {
  return taken
    .toSorted((a, b) =>
      a.record.receivedAt === b.record.receivedAt
        ? a.rank < b.rank
          ? -1
          : Number(a.rank > b.rank)
        : a.record.receivedAt - b.record.receivedAt,
    )
    .filter(
      (one, i, all) =>
        one.rank !== all[i - 1]?.rank || one.record.receivedAt !== all[i - 1]?.record.receivedAt,
    )
    .map(({ record }) => record);
}
