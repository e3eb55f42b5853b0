// A process of its own that appends without end and writes each acknowledged number to stdout; its parent kills it.
// A number is written after its acknowledgement, so what the parent has read was surely acknowledged.
import { Buffer } from "node:buffer";
import { openEmbeddedLog } from "./index.ts";

const [, , dir, from] = process.argv;
const log = await openEmbeddedLog({ dir, lingerMs: 1, partitions: 2 });
let next = Number(from);

async function appendForEver(device) {
  for (;;) {
    const n = next++;
    const record = {
      topic: n % 10 === 0 ? "facts" : "messages",
      organisation: "acme",
      key: `acme/${device}`,
      // A new day every 500 records, so that files are rolled under fire.
      receivedAt: 1_777_982_400_000 + Math.floor(n / 500) * 86_400_000,
      clock: "steady",
      body: Buffer.from(`${n}`),
    };
    await log.append([record]);
    process.stdout.write(`${n}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, i) => appendForEver(`device-${i}`)));
