/**
 * The closed registry of error codes. A code is part of the interface: added, deprecated, never renamed
 * or used again for something else. `docs/errors.md` explains each; `tests/tidy` holds both equal.
 *
 * `retry`: whether the same request can succeed later without being changed.
 * `status`: the HTTP status under which the API reports it (RFC 9110 §15).
 */
export const codes = {
  // What a device sent (quarantine)
  UB_PAYLOAD_TOO_LARGE: {
    retry: "never",
    status: 413,
    means: "the message is larger than a device may send",
  },
  UB_PAYLOAD_NOT_UTF8: {
    retry: "never",
    status: 400,
    means: "the text of the message is not UTF-8",
  },
  UB_PAYLOAD_NOT_JSON: {
    retry: "never",
    status: 400,
    means: "the message is neither JSON nor CBOR",
  },
  UB_PAYLOAD_DUPLICATE_KEY: {
    retry: "never",
    status: 400,
    means: "an object names the same key twice",
  },
  UB_PAYLOAD_TOO_DEEP: {
    retry: "never",
    status: 400,
    means: "the message is nested deeper than is allowed",
  },
  UB_PAYLOAD_SHAPE: {
    retry: "never",
    status: 400,
    means: "a field of the message is missing, unknown or of the wrong type",
  },
  UB_BATCH_TOO_LONG: {
    retry: "never",
    status: 400,
    means: "the message holds more readings than one message may",
  },
  UB_FORMAT_UNKNOWN: { retry: "never", status: 400, means: "no definition recognises the message" },
  UB_VALUE_RANGE: {
    retry: "never",
    status: 400,
    means: "the value is not a finite number that its quantity can have",
  },
  UB_QUANTITY_UNKNOWN: {
    retry: "never",
    status: 400,
    means: "the quantity or its unit is not known",
  },
  UB_SENSOR_NAME: {
    retry: "never",
    status: 400,
    means: "the name of the sensor is empty, too long or has a forbidden character",
  },
  UB_TIME_INVALID: {
    retry: "never",
    status: 400,
    means: "the time is not an RFC 3339 time with offset, nor whole milliseconds since 1970",
  },
  UB_TIME_TOO_EARLY: {
    retry: "never",
    status: 400,
    means: "the time lies before the earliest that this installation accepts",
  },
  UB_TIME_IN_FUTURE: {
    retry: "never",
    status: 400,
    means: "the time lies further ahead of our clock than is tolerated",
  },
  // Who may do what
  UB_AUTH_REQUIRED: { retry: "never", status: 401, means: "the request names nobody" },
  UB_AUTH_FAILED: { retry: "never", status: 401, means: "the identity or its secret is wrong" },
  UB_FORBIDDEN_TOPIC: {
    retry: "never",
    status: 403,
    means: "the device may not publish or subscribe there",
  },
  UB_ORIGIN_REFUSED: {
    retry: "never",
    status: 403,
    means: "the page that asks is not one of this installation's",
  },
  UB_RATE_LIMITED: {
    retry: "later",
    status: 429,
    means: "more requests, messages or connections than one peer may make",
  },
  // How a device speaks
  UB_MQTT_PROTOCOL: {
    retry: "never",
    status: 400,
    means: "the bytes are not MQTT 3.1.1, or came where the protocol does not allow them",
  },
  UB_MQTT_TIMEOUT: {
    retry: "later",
    status: 408,
    means: "the device was silent, or did not read, for longer than it may",
  },
  // Commands and queries
  UB_REQUEST_INVALID: {
    retry: "never",
    status: 400,
    means: "a field of the request is missing, unknown or of the wrong form",
  },
  UB_REQUEST_TOO_LARGE: {
    retry: "never",
    status: 413,
    means: "the body of the request is larger than is allowed",
  },
  UB_METHOD_NOT_ALLOWED: {
    retry: "never",
    status: 405,
    means: "this address does not take this method; the Allow header names those that it takes",
  },
  UB_NOT_FOUND: {
    retry: "never",
    status: 404,
    means: "there is no such thing, or it is not yours to see",
  },
  UB_CONFLICT: { retry: "never", status: 409, means: "it exists already, with other content" },
  UB_INTERVAL_TOO_LONG: {
    retry: "never",
    status: 422,
    means: "more readings lie in the interval than one verdict looks at",
  },
  UB_RESUME_TOO_OLD: {
    retry: "never",
    status: 410,
    means: "the feed no longer has what followed that revision; take a fresh snapshot",
  },
  UB_FEED_FULL: {
    retry: "later",
    status: 503,
    means: "as many feeds are open as may be",
  },
  UB_INTERNAL: {
    retry: "later",
    status: 500,
    means: "a fault of ours; it is in the log under the same request id",
  },
  // Profiles, rules and the files of the command line
  UB_PROFILE_INVALID: {
    retry: "never",
    status: 400,
    means: "the profile does not follow the rule language",
  },
  UB_PROFILE_UNKNOWN: { retry: "never", status: 404, means: "no profile has this id" },
  UB_READINGS_INVALID: {
    retry: "never",
    status: 400,
    means: "a row of the readings cannot be understood",
  },
  UB_TIME_WITHOUT_OFFSET: {
    retry: "never",
    status: 400,
    means: "a time has no offset and no zone was given",
  },
  UB_USAGE: { retry: "never", status: 400, means: "the command line is not understood" },
  UB_SCENARIO_UNKNOWN: { retry: "never", status: 404, means: "no scenario has this name" },
  // Configuration and start
  UB_CONFIG_INVALID: {
    retry: "never",
    status: 500,
    means: "a setting has a value that it cannot have",
  },
  UB_CONFIG_UNKNOWN: {
    retry: "never",
    status: 500,
    means: "a setting is not known; the message names it",
  },
  UB_START_FAILED: {
    retry: "later",
    status: 500,
    means: "a part could not start; the message says which and why",
  },
  UB_PORT_IN_USE: { retry: "later", status: 500, means: "another program listens on the port" },
  // Telling somebody
  UB_NOTIFY_ADDRESS_REFUSED: {
    retry: "never",
    status: 400,
    means: "the address of the webhook is one that may not be reached from here",
  },
  UB_NOTIFY_UNREACHABLE: {
    retry: "later",
    status: 502,
    means: "the receiver could not be reached, or did not answer in time",
  },
  UB_NOTIFY_REFUSED: {
    retry: "later",
    status: 502,
    means: "the receiver answered that it does not take the message",
  },
  UB_NOTIFY_GONE: {
    retry: "never",
    status: 502,
    means: "the receiver answered that it never will take the message",
  },
  UB_NOTIFY_NO_MAIL: {
    retry: "never",
    status: 409,
    means: "no mail server is set, so no mail can be sent",
  },
  UB_NOTIFY_MAIL_INSECURE: {
    retry: "later",
    status: 502,
    means: "the mail server offers no TLS that can be trusted",
  },
  UB_NOTIFY_RECIPIENT_GONE: {
    retry: "never",
    status: 404,
    means:
      "the recipient was made inactive or moved to another channel before the message went out",
  },
  UB_LINK_INVALID: {
    retry: "never",
    status: 410,
    means: "the link is not one of ours, or has expired",
  },
  // The log and the stores
  UB_LOG_LOCKED: {
    retry: "later",
    status: 503,
    means: "another process has this data folder open",
  },
  UB_LOG_APPEND: {
    retry: "later",
    status: 503,
    means: "the log did not accept the record; it was not acknowledged",
  },
  UB_LOG_FULL: {
    retry: "later",
    status: 507,
    means: "the disk is full; nothing is acknowledged until there is room",
  },
  UB_LOG_BUSY: { retry: "later", status: 503, means: "more records wait for the disk than may" },
  UB_LOG_CLOSED: { retry: "later", status: 503, means: "the log is closed or closing" },
  UB_LOG_TRIMMED: { retry: "never", status: 410, means: "the records asked for were trimmed" },
  UB_LOG_CORRUPT: {
    retry: "never",
    status: 500,
    means: "a stored record does not match its checksum",
  },
  UB_LOG_NEWER: {
    retry: "never",
    status: 500,
    means: "the data was written by a newer version of Unbroken",
  },
  UB_CHECKPOINT_FENCED: {
    retry: "never",
    status: 409,
    means: "the checkpoint does not continue what is already applied",
  },
  UB_STORE_IO: {
    retry: "later",
    status: 503,
    means: "reading or writing the disk failed; the process ends to recover",
  },
  UB_SQLITE_TOO_OLD: {
    retry: "never",
    status: 500,
    means: "the SQLite of this Node has a known corruption bug",
  },
} as const satisfies Record<`UB_${string}`, CodeEntry>;

interface CodeEntry {
  readonly retry: "never" | "later";
  readonly status: number;
  readonly means: string;
}

export type Code = keyof typeof codes;

export function isCode(text: string): text is Code {
  return Object.hasOwn(codes, text);
}
