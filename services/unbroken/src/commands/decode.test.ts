import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runDecode } from "./decode.ts";

async function run(chunks: readonly (string | Uint8Array)[], args: readonly string[] = []) {
  let stdout = "";
  const status = await runDecode(args, {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous, this one has nothing to wait for
    stdin: (async function* () {
      yield* chunks;
    })(),
    stdout: (text) => (stdout += text),
    stderr: () => undefined,
    progress: false,
  });
  return { status, stdout };
}

async function answers(...lines: readonly unknown[]): Promise<readonly unknown[]> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  const { stdout } = await run([text.join("\n")]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

describe("unbroken decode", () => {
  it("shows a message in own format, with the device that its MQTT topic names", async () => {
    const [answer] = await answers({
      topic: "unbroken/v1/acme/truck-7/up",
      payload: {
        temperature_c: 4.2,
        door_open: true,
        relative_humidity_pct: null,
        fault: "open-circuit",
        sensor: "rear",
        measured_at: "2026-05-05T11:21:56+02:00",
      },
    });
    const common = { sensor: "rear", measured_at: "2026-05-05T09:21:56.000Z" };
    expect(answer).toEqual({
      device: "truck-7",
      readings: [
        { field: "temperature_c", quantity: "temperature", value: 4.2, unit: "Cel", ...common },
        {
          field: "relative_humidity_pct",
          quantity: "relative_humidity",
          value: null,
          unit: "%RH",
          fault: "open-circuit",
          ...common,
        },
        {
          field: "door_open",
          quantity: "other",
          kept_as: "door_open",
          value: 1,
          unit: "/",
          ...common,
        },
      ],
      sightings: [],
      refused: [],
    });
  });

  it.each([
    ["a JSON value", { payload: { temperature_c: 4.2 } }],
    ["text", { payload_text: '{"temperature_c":4.2}' }],
    ["CBOR in hexadecimal", { payload_hex: "a1 6d74656d70657261747572655f63 fb4010cccccccccccd" }],
    [
      "text, with its format",
      { format: "own", topic: null, payload_text: '{"temperature_c":4.2}' },
    ],
  ])("reads the same from %s, and shows no time where there is none", async (_, line) => {
    expect(await answers(line)).toEqual([
      {
        readings: [{ field: "temperature_c", quantity: "temperature", value: 4.2, unit: "Cel" }],
        sightings: [],
        refused: [],
      },
    ]);
  });

  it("puts a clock right by sent_at, and counts ages, only where received_at is told", async () => {
    const wrongZone = {
      temperature_c: 4,
      measured_at: "2026-05-05T17:20:00Z",
      sent_at: "2026-05-05T17:21:59Z",
    };
    const aged = { temperature_c: 4, age_s: 90 };
    const received_at = "2026-05-05T09:22:00Z";
    const shown = await answers(
      { payload: wrongZone, received_at },
      { payload: wrongZone },
      { payload: aged, received_at },
      { payload: aged },
    );
    const times = shown.map((answer) => {
      const { readings } = answer as { readings: readonly { measured_at?: string }[] };
      return readings[0]?.measured_at;
    });
    expect(times).toEqual([
      "2026-05-05T09:20:00.000Z",
      "2026-05-05T17:20:00.000Z",
      "2026-05-05T09:20:30.000Z",
      undefined,
    ]);
  });

  it("counts relative times of SenML from received_at, and shows none without it", async () => {
    const payload = [{ n: "a", u: "Cel", v: 1, t: -5 }];
    const shown = await answers(
      { payload, received_at: "2026-05-05T09:22:00Z" },
      { payload },
      { payload: [{ n: "a", u: "Cel", v: 1 }], received_at: "2026-05-05T09:22:00Z" },
    );
    expect(shown).toMatchObject([
      { readings: [{ value: 1, measured_at: "2026-05-05T09:21:55.000Z" }] },
      { readings: [expect.not.objectContaining({ measured_at: expect.anything() as unknown })] },
      { readings: [expect.not.objectContaining({ measured_at: expect.anything() as unknown })] },
    ]);
  });

  it("refuses one reading of a batch by name and place, and shows the rest", async () => {
    const [answer] = await answers({
      payload: { readings: [{ temperature_c: 4 }, { temperature_c: 4000 }] },
    });
    expect(answer).toMatchObject({
      readings: [{ value: 4 }],
      refused: [
        { field: "temperature_c", pointer: "/readings/1/temperature_c", code: "UB_VALUE_RANGE" },
      ],
    });
  });

  it.each([
    ["no JSON", "no JSON", "UB_PAYLOAD_NOT_JSON"],
    ["a list", "[1]", "UB_REQUEST_INVALID"],
    ["no payload", {}, "UB_REQUEST_INVALID"],
    ["two payloads", { payload: {}, payload_text: "" }, "UB_REQUEST_INVALID"],
    ["an empty payload", { payload_hex: "" }, "UB_PAYLOAD_NOT_JSON"],
    ["half a byte", { payload_hex: "a16" }, "UB_REQUEST_INVALID"],
    ["a topic of nobody", { topic: "sensors/7", payload: {} }, "UB_FORMAT_UNKNOWN"],
    ["a topic that is a number", { topic: 7, payload: {} }, "UB_REQUEST_INVALID"],
    ["an unknown format", { format: "own/9", payload: {} }, "UB_FORMAT_UNKNOWN"],
    [
      "another format than it is",
      { format: "senml", payload: { temperature_c: 4 } },
      "UB_FORMAT_UNKNOWN",
    ],
    [
      "a time without offset",
      { payload: {}, received_at: "2026-05-05T09:22:00" },
      "UB_TIME_INVALID",
    ],
    [
      "a key twice in the payload",
      '{"payload":{"temperature_c":4,"temperature_c":40}}',
      "UB_PAYLOAD_DUPLICATE_KEY",
    ],
    ["a value beyond doubles as its only field", '{"payload":{"x":1e400}}', null],
    ["a message that measures nothing", { payload: { seq: 1 } }, "UB_PAYLOAD_SHAPE"],
  ])("answers a line with %s by an error and goes on", async (_, bad, code) => {
    const [first, second] = await answers(bad, { payload: { temperature_c: 5 } });
    if (code === null) expect(first).toMatchObject({ readings: [], refused: [{ field: "x" }] });
    else expect(first).toMatchObject({ error: { code, message: expect.any(String) as unknown } });
    expect(second).toMatchObject({ readings: [{ value: 5 }] });
  });

  it("does not take a number beyond doubles for a dead probe", async () => {
    const [answer] = await answers('{"payload":{"temperature_c":1e400}}');
    expect(answer).toMatchObject({ readings: [], refused: [{ code: "UB_VALUE_RANGE" }] });
  });

  it("puts lines together that arrive in pieces, and takes a last one without line end", async () => {
    const line = new TextEncoder().encode(
      '{"payload":{"temperature_c":4}}\r\n\n{"payload_text":"℃"}',
    );
    const { stdout } = await run([...line].map((byte) => Uint8Array.of(byte)));
    expect(
      stdout
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text) as unknown),
    ).toMatchObject([{ readings: [{ value: 4 }] }, { error: { code: "UB_PAYLOAD_NOT_JSON" } }]);
  });

  it("answers a line that is too long without keeping it, and goes on", async () => {
    const piece = "x".repeat(1024 * 1024);
    const { stdout } = await run([
      piece,
      piece,
      piece,
      piece,
      piece,
      '\n{"payload":{"temperature_c":4}}',
    ]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text) as unknown),
    ).toMatchObject([{ error: { code: "UB_PAYLOAD_TOO_LARGE" } }, { readings: [{ value: 4 }] }]);
  });

  it("explains itself, with examples that work", async () => {
    const { stdout, status } = await run([], ["--help"]);
    expect(status).toBe(0);
    const examples = [...stdout.matchAll(/echo '(.*)' \| unbroken decode/g)].map((m) => m[1] ?? "");
    expect(examples).toHaveLength(3);
    for (const answer of await answers(...examples))
      expect(answer).toMatchObject({ readings: [{ quantity: "temperature" }], refused: [] });
  });

  it("refuses arguments that it does not know", async () => {
    await expect(run([], ["--fast"])).rejects.toMatchObject({ code: "UB_USAGE" });
    await expect(run([], ["file"])).rejects.toMatchObject({ code: "UB_USAGE" });
  });
});

// Published messages that are not part of this repository; the folder is given by the environment or lies beside it.
const payloads =
  process.env["UNBROKEN_FIXTURES"] ??
  fileURLToPath(new URL("../../../../../shared/fixtures", import.meta.url));
const senml = `${payloads}/payloads/senml`;

interface Fixture {
  readonly id: string;
  readonly format: string;
  readonly topic: string | null;
  readonly payload: unknown;
  readonly expected: {
    readonly readings: readonly {
      readonly field: string;
      readonly quantity: string;
      readonly value: number;
      readonly unit: string;
      readonly time: number | null;
    }[];
  };
}

describe.skipIf(!existsSync(senml))("published SenML messages", () => {
  const names = existsSync(senml)
    ? readdirSync(senml).filter((name) => name.endsWith(".json"))
    : [];
  const fixtures = names.map(
    (name) => JSON.parse(readFileSync(`${senml}/${name}`, "utf8")) as Fixture,
  );

  it("are there", () => expect(fixtures.length).toBeGreaterThan(0));

  it.each(fixtures)(
    "$id means what its publisher says",
    async ({ format, topic, payload, expected }) => {
      const [answer] = (await answers({ format, topic, payload })) as readonly {
        readonly readings: readonly Readonly<Record<string, unknown>>[];
        readonly refused: readonly unknown[];
      }[];
      expect(answer?.refused).toEqual([]);
      expect(
        answer?.readings.map(({ field, quantity, value, unit, measured_at: at }) => ({
          field,
          quantity,
          value,
          unit,
          time: typeof at === "string" ? Date.parse(at) / 1000 : null,
        })),
      ).toEqual(expected.readings);
    },
  );
});
