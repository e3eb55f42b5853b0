// How many messages a second `decode` reads on one core: node bench/decode.bench.ts (after npm run build).
import { decode } from "@unbroken/devices";
import { EpochMs, MINUTE } from "@unbroken/units";

const single =
  '{"temperature_c":4.2,"relative_humidity_pct":87.5,"battery_pct":90,"measured_at":"2026-05-05T09:21:56Z","seq":17,"boot":3}';
const rows = Array.from(
  { length: 100 },
  (_, i) => `{"temperature_c":4.2,"measured_at":${1_777_972_916_000 - i * 60_000},"seq":${i}}`,
);
const values = Array.from({ length: 100 }, (_, i) => (i % 50) / 10);

const cases: Readonly<Record<string, Uint8Array>> = {
  "one reading, JSON": bytesOf(single),
  "one reading, CBOR": cborMap(JSON.parse(single) as Record<string, string | number>),
  "batch of 100, JSON": bytesOf(`{"boot":3,"readings":[${rows.join(",")}]}`),
  "columns of 100, JSON": bytesOf(
    `{"t0":1777967000000,"dt":60000,"temperature_c":[${values.join(",")}]}`,
  ),
  "SenML of 100, JSON": bytesOf(
    `[{"bn":"p","bt":1777967000,"bu":"Cel","v":4},${values.map((v, t) => `{"t":${t},"v":${v}}`).join(",")}]`,
  ),
};

for (const [name, payload] of Object.entries(cases)) {
  const { perSecond, readings } = rateOf(payload);
  const rate = Math.round(perSecond).toLocaleString("en");
  const each = Math.round(perSecond * readings).toLocaleString("en");
  console.log(`${name} (${payload.length} bytes): ${rate} messages/s, ${each} readings/s`);
}

/** The best of five rounds of 200 ms, after one to warm up. */
function rateOf(payload: Uint8Array): { readonly perSecond: number; readonly readings: number } {
  let best = 0;
  let readings = 0;
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    let count = 0;
    let ms = 0;
    while (ms < 200) {
      for (let i = 0; i < 50; i++) readings = decodeOne(payload);
      count += 50;
      ms = performance.now() - start;
    }
    if (round > 0) best = Math.max(best, (count / ms) * 1000);
  }
  return { perSecond: best, readings };
}

function decodeOne(payload: Uint8Array): number {
  const { readings, refused } = decode(
    {
      mqttTopic: "unbroken/v1/acme/truck-7/up",
      organisation: "acme",
      device: "truck-7",
      payload,
      receivedAt: EpochMs(1_777_973_000_000),
    },
    { earliest: EpochMs(1_420_070_400_000), futureMax: MINUTE, batchMax: 10_000 },
  );
  if (refused.length > 0) throw new Error(JSON.stringify(refused[0]));
  return readings.length;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A flat map with short names and texts, doubles for numbers. */
function cborMap(members: Readonly<Record<string, string | number>>): Uint8Array {
  const text = (string: string): Buffer =>
    Buffer.concat([
      string.length < 24 ? Buffer.of(0x60 | string.length) : Buffer.of(0x78, string.length),
      Buffer.from(string),
    ]);
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(9, 0xfb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  };
  return Buffer.concat([
    Buffer.of(0xa0 | Object.keys(members).length),
    ...Object.entries(members).flatMap(([key, value]) => [
      text(key),
      typeof value === "string" ? text(value) : number(value),
    ]),
  ]);
}
