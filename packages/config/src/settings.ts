import { parseIsoDuration, parseIsoTime } from "@unbroken/units";
import { z } from "zod";

const duration = (text: string) =>
  z
    .string()
    .refine(
      (t) => parseIsoDuration(t) !== null,
      "a duration with its unit, as ISO 8601 has it: PT30S, PT15M, P35D",
    )
    .default(text);

const address = (text: string) =>
  z
    .string()
    .regex(
      /^(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/,
      "HOST:PORT; port 0 takes any that is free",
    )
    .default(text);

const webAddress = () =>
  z
    .string()
    .refine(
      (text) =>
        text === "" || (URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol)),
      "an http or https address, or empty",
    )
    .default("");

/**
 * Every setting, its meaning and its default. From a file (JSON), from the environment
 * (`UNBROKEN_MQTT_PLAIN` sets `mqtt.plain`), from the command line; the later wins. Unknown keys are refused by name.
 */
export const Settings = z.strictObject({
  mqtt: z
    .strictObject({
      plain: address("127.0.0.1:1883").meta({
        description: "MQTT without TLS; a loopback address unless plainAnywhere is true",
      }),
      tls: address("127.0.0.1:8883").meta({ description: "MQTT over TLS" }),
      plainAnywhere: z.boolean().default(false).meta({
        description: "permits MQTT without TLS on any address: passwords travel in the clear",
      }),
      certificateFile: z.string().default("").meta({
        description: "PEM chain; empty: a development certificate is made on first start",
      }),
      keyFile: z.string().default("").meta({ description: "PEM private key for certificateFile" }),
      packetBytesMax: z
        .int()
        .min(1_024)
        .max(16_777_216)
        .default(1_048_576)
        .meta({ description: "the largest MQTT packet after CONNECT, in bytes" }),
      connectBytesMax: z
        .int()
        .min(256)
        .max(65_536)
        .default(2_048)
        .meta({ description: "the largest packet before CONNECT is accepted, in bytes" }),
      connectTimeout: duration("PT10S").meta({
        description: "from the connection to an accepted CONNECT",
      }),
      keepaliveMax: duration("PT5M").meta({
        description:
          "silence of 1.5 times this ends a connection, whatever keep-alive it asked for",
      }),
      connectionsMax: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(15_000)
        .meta({ description: "open connections in all" }),
      connectionsPerAddressMax: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(5_000)
        .meta({ description: "open connections from one address" }),
      connectsPerSecondPerAddress: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(1_000)
        .meta({ description: "new connections a second from one address" }),
      messagesPerSecondPerDevice: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(200)
        .meta({ description: "beyond the burst, further messages of the device wait" }),
      messagesBurstPerDevice: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(2_000)
        .meta({ description: "messages that a device may send at once, for back-fill" }),
      holdMax: duration("PT5S").meta({
        description:
          "the longest that an acknowledgement waits for the disk before the connection is ended",
      }),
    })
    .prefault({}),
  http: z
    .strictObject({
      listen: address("127.0.0.1:8080").meta({ description: "board, API and feed" }),
      origins: z
        .array(z.string())
        .max(32)
        .default([])
        .meta({ description: "further origins whose pages may use the API and feed" }),
      feedClientsMax: z
        .int()
        .min(1)
        .max(100_000)
        .default(2_000)
        .meta({ description: "open feeds" }),
    })
    .prefault({}),
  log: z
    .strictObject({
      lingerMs: z
        .int()
        .min(0)
        .max(100)
        .default(3)
        .meta({ description: "how long a group commit gathers messages, in ms" }),
      groupMax: z
        .int()
        .min(1)
        .max(65_536)
        .default(4_096)
        .meta({ description: "records in one group commit" }),
      pendingBytesMax: z
        .int()
        .min(1_048_576)
        .default(67_108_864)
        .meta({ description: "bytes that may wait for the disk" }),
      keepMessages: duration("P30D").meta({
        description: "how long messages stay after they were processed",
      }),
      tick: duration("PT5S").meta({
        description: "how often our clock is written to the log; silence is noticed no sooner",
      }),
    })
    .prefault({}),
  processor: z
    .strictObject({
      batchMax: z
        .int()
        .min(1)
        .max(100_000)
        .default(1_000)
        .meta({ description: "records that are judged and committed in one step" }),
      gatherMs: z.int().min(0).max(60_000).default(20).meta({
        description:
          "how long a busy processor gathers before its next batch, in ms: each batch costs one flush",
      }),
    })
    .prefault({}),
  readings: z
    .strictObject({
      earliest: z
        .string()
        .refine((t) => parseIsoTime(t) !== null, "a time as RFC 3339 has it, with offset")
        .default("2015-01-01T00:00:00Z")
        .meta({ description: "readings measured before this are quarantined" }),
      futureMax: duration("PT5M").meta({
        description: "readings measured further ahead of our clock than this are quarantined",
      }),
      batchMax: z
        .int()
        .min(1)
        .max(100_000)
        .default(10_000)
        .meta({ description: "readings in one message" }),
      keep: duration("P3650D").meta({ description: "how long readings are kept" }),
    })
    .prefault({}),
  notify: z
    .strictObject({
      publicUrl: webAddress().meta({
        description:
          "where people reach the board, for the links in messages: https://cold.example; empty: the address that is listened on",
      }),
      repeatEvery: duration("PT15M").meta({
        description: "an urgent alert is told again after this, until somebody acknowledges it",
      }),
      repeatsMax: z
        .int()
        .min(0)
        .max(1_000)
        .default(12)
        .meta({ description: "how often it is told again at the most" }),
      quiet: duration("PT30M").meta({
        description:
          "an alert is over when its cause has been gone for this long; what comes back sooner is the same alert",
      }),
      lateAfter: duration("PT24H").meta({
        description:
          "late data about what ended longer ago than this is recorded and shown, and told to nobody",
      }),
      silenceAfter: duration("PT30M").meta({
        description:
          "a silent sensor is told, with low urgency, when its silence has lasted this long",
      }),
      silenceUrgentAfter: duration("PT2H").meta({
        description: "and with high urgency after this: nobody knows what happens there",
      }),
      settle: duration("PT2M").meta({
        description:
          "while a device hands over its backlog, an alert waits until the data has stood still for this long",
      }),
      attemptsMax: z.int().min(1).max(100).default(12).meta({
        description: "attempts to deliver one message, about five hours with the default",
      }),
      timeout: duration("PT10S").meta({ description: "one attempt may take so long" }),
      plainHttp: z
        .boolean()
        .default(false)
        .meta({ description: "permits webhooks over http: alerts travel in the clear" }),
      privateHosts: z.array(z.string().min(1).max(255)).max(100).default([]).meta({
        description:
          "host names and addresses that webhooks may reach although they are private or on this machine",
      }),
      smtp: z
        .string()
        .refine(
          (text) =>
            text === "" ||
            (URL.canParse(text) && ["smtp:", "smtps:"].includes(new URL(text).protocol)),
          "smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST:465; empty: no mail",
        )
        .default("")
        .meta({
          description:
            "the mail server, smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://…:465 (TLS); empty: no mail. Holds a password: set it by its variable",
        }),
      smtpPlain: z.boolean().default(false).meta({
        description: "permits mail without TLS, for a mail server on this machine",
      }),
      smtpCaFile: z.string().default("").meta({
        description: "PEM certificates that sign the mail server's; empty: the public ones",
      }),
      mailFrom: z
        .string()
        .regex(
          /^(?:|[^\p{Cc}]*[^\s@<>]+@[^\s@<>]+>?)$/u,
          "a mail address: Unbroken <alerts@cold.example>",
        )
        .default("")
        .meta({ description: "the sender of mail: Unbroken <alerts@cold.example>" }),
      heartbeatUrl: webAddress().meta({
        description:
          "fetched at each heartbeat while log, processor and notifier are well, so that a watcher elsewhere notices when we are not; empty: none",
      }),
      heartbeatEvery: duration("PT1M").meta({ description: "how often heartbeatUrl is fetched" }),
      keep: duration("P730D").meta({ description: "how long alerts that ended are kept" }),
    })
    .prefault({}),
  observability: z
    .strictObject({
      logLevel: z
        .enum(["fatal", "error", "warn", "info", "debug", "trace"])
        .default("info")
        .meta({ description: "the least level that is logged" }),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof Settings>;
