import { readFileSync } from "node:fs";
import { DurationMs, EpochMs } from "@unbroken/units";
import { expect, it } from "vitest";
import { decode } from "./decode.ts";
import { ownFields } from "./own/own-v1-definition.ts";

const doc = (name: string): string =>
  readFileSync(new URL(`../../../docs/formats/${name}`, import.meta.url), "utf8");

const examples = ["own-v1.md", "senml.md"].flatMap((name) =>
  [...doc(name).matchAll(/^```json (accepted|refused \S+ \S+)\n([^]*?)^```$/gm)].map(
    ([, promise = "", text = ""]) => ({ name, promise, text }),
  ),
);

const decodeBytes = (payload: Uint8Array) =>
  decode(
    {
      mqttTopic: "unbroken/v1/acme/truck-7/up",
      organisation: "acme",
      device: "truck-7",
      payload,
      receivedAt: EpochMs(Date.parse("2026-05-05T09:22:00Z")),
    },
    {
      earliest: EpochMs(Date.parse("2015-01-01T00:00:00Z")),
      futureMax: DurationMs(300_000),
      batchMax: 10_000,
    },
  );

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(16));

it.each(examples)("$name: the example is $promise: $text", ({ promise, text }) => {
  const { readings, refused } = decodeBytes(new TextEncoder().encode(text));
  const [first] = refused;
  expect(first === undefined ? "accepted" : `refused ${first.code} ${first.pointer}`).toBe(promise);
  expect(readings.length > 0).toBe(promise === "accepted");
});

it("shows CBOR that means what stands beside it", () => {
  const [, hex = "", json = ""] = /^ {4}(a1 [0-9a-f ]+?) +(\{.*\})$/m.exec(doc("own-v1.md")) ?? [];
  const cbor = decodeBytes(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
  expect(cbor.readings).toHaveLength(1);
  expect(cbor).toEqual(decodeBytes(new TextEncoder().encode(json)));
});

it("explains every field that measures", () => {
  const rows = [...doc("own-v1.md").matchAll(/^\| `(\w+)` +\| (?:number|true)/gm)].map((m) => m[1]);
  expect(rows).toEqual(ownFields.map(({ field }) => field));
});
