// An open-loop load of MQTT publishes, in a process of its own: every message has a scheduled time, and its latency
// counts from that time, whether or not the server was ready for it. Reads one JSON plan from stdin, writes one JSON
// result to stdout. Usage: see bench/ingest-ladder.ts.
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { Histogram } from "./histogram.ts";

export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  readonly devices: readonly {
    readonly username: string;
    readonly password: string;
    readonly topic: string;
  }[];
  readonly rungs: readonly number[];
  readonly secondsPerRung: number;
  /** One message in so many is out of range. */
  readonly hotEvery: number;
}

export interface RungResult {
  readonly rate: number;
  readonly sent: number;
  readonly acked: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Processor time of this generator, in cores. */
  readonly generatorCores: number;
}

interface Connection {
  readonly socket: Socket;
  readonly head: Buffer;
  /** Scheduled times by packet identifier. */
  readonly scheduled: Float64Array;
  nextId: number;
  rest: Buffer;
}

const ack = new Histogram();
let acked = 0;

const nextLine = lineReader();
const plan = JSON.parse(await nextLine()) as LoadPlan;
const connections = await connectAll(plan);
say({ event: "connected", connections: connections.length });
let message = 0;
for (const rate of plan.rungs) {
  await nextLine();
  say({ event: "rung", ...(await runRung(rate)) });
}
process.exit(0);

async function runRung(rate: number): Promise<RungResult> {
  ack.reset();
  acked = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const epoch = Date.now() - start;
  const total = rate * plan.secondsPerRung;
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * rate));
      for (; sent < due; sent++) {
        const connection = connections[message % connections.length];
        if (connection !== undefined)
          publish(connection, start + (sent / rate) * 1_000, epoch, message);
        message++;
      }
      if (sent >= total) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  const deadline = performance.now() + 15_000;
  while (acked < total && performance.now() < deadline) await new Promise((r) => setTimeout(r, 20));
  const used = process.cpuUsage(cpu);
  return {
    rate,
    sent,
    acked,
    p50Ms: ack.percentile(50),
    p99Ms: ack.percentile(99),
    maxMs: ack.percentile(100),
    generatorCores: (used.user + used.system) / 1_000 / (performance.now() - start),
  };
}

function publish(connection: Connection, scheduledAt: number, epoch: number, n: number): void {
  // The device measures when the message is due: an alert can be traced back to its schedule by this time.
  const measuredAt = Math.round(epoch + scheduledAt);
  const celsius = n % plan.hotEvery === plan.hotEvery - 1 ? 30 : 4 + (n % 100) / 100;
  const payload = Buffer.from(
    `{"measured_at":${measuredAt},"temperature_c":${celsius.toFixed(2)},"relative_humidity_pct":87.5,"battery_pct":91}`,
  );
  const id = connection.nextId;
  connection.nextId = id === 65_535 ? 1 : id + 1;
  connection.scheduled[id] = scheduledAt;
  const length = connection.head.length + 2 + payload.length;
  const fixed = Buffer.from(
    length < 128 ? [0x32, length] : [0x32, (length & 0x7f) | 0x80, length >> 7],
  );
  connection.socket.write(
    Buffer.concat([fixed, connection.head, Buffer.from([id >> 8, id & 0xff]), payload]),
  );
}

function onData(connection: Connection, chunk: Buffer): void {
  const data = connection.rest.length === 0 ? chunk : Buffer.concat([connection.rest, chunk]);
  const now = performance.now();
  let at = 0;
  while (data.length - at >= 4) {
    if (data[at] !== 0x40) throw new Error(`not a PUBACK: ${String(data[at])}`);
    ack.record(now - (connection.scheduled[data.readUInt16BE(at + 2)] ?? now));
    acked++;
    at += 4;
  }
  connection.rest = data.subarray(at);
}

async function connectAll({ host, port, devices }: LoadPlan): Promise<readonly Connection[]> {
  const made: Connection[] = [];
  for (let i = 0; i < devices.length; i += 50) {
    made.push(
      ...(await Promise.all(
        devices.slice(i, i + 50).map((device) => connectOne(host, port, device)),
      )),
    );
  }
  return made;
}

function connectOne(
  host: string,
  port: number,
  device: LoadPlan["devices"][number],
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const topic = Buffer.from(device.topic);
    const head = Buffer.concat([Buffer.from([topic.length >> 8, topic.length & 0xff]), topic]);
    const connection: Connection = {
      socket,
      head,
      scheduled: new Float64Array(65_536),
      nextId: 1,
      rest: Buffer.alloc(0),
    };
    socket.once("error", reject);
    socket.once("connect", () => socket.write(connectPacket(device)));
    socket.once("data", (data: Buffer) => {
      if (data[0] !== 0x20 || data[3] !== 0) {
        reject(new Error(`refused: CONNACK ${data.toString("hex")}`));
        return;
      }
      socket.on("data", (chunk: Buffer) => onData(connection, chunk));
      socket.on("close", () => say({ event: "closed", username: device.username }));
      resolve(connection);
    });
  });
}

function connectPacket({ username, password }: LoadPlan["devices"][number]): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  };
  // MQTT 3.1.1 §3.1: protocol level 4; user name, password, clean session; keep-alive 120 s.
  const body = Buffer.concat([
    text("MQTT"),
    Buffer.from([4, 0xc2, 0, 120]),
    text(username),
    text(username),
    text(password),
  ]);
  if (body.length > 127)
    return Buffer.concat([
      Buffer.from([0x10, (body.length & 0x7f) | 0x80, body.length >> 7]),
      body,
    ]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Lines of stdin, one at a time: the plan first, then one for each rung that may begin. */
function lineReader(): () => Promise<string> {
  const iterator = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await iterator.next();
    if (done === true) process.exit(0);
    return value;
  };
}
