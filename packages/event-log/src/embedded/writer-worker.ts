import { receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import { UnbrokenError } from "@unbroken/errors";
import { LogWriter, type PackedAppend } from "./writer.ts";
import { plainError, type FromWriter, type ToWriter, type WriterStart } from "./writer-protocol.ts";

/**
 * The thread of the writer. While a group is being flushed the next one gathers in the ports; callers linger before
 * they hand over, so the writer itself never waits.
 */
interface Waiting extends PackedAppend {
  readonly port: MessagePort;
  readonly id: number;
  readonly records: number;
}

const FLUSH_REPORT_MS = 250;
const RETRY_FACTS_MS = 1_000;

const start = workerData as WriterStart;
const owner = start.port;
const ports = new Set<MessagePort>([owner]);
const followers = new Set<MessagePort>();
let waiting: Waiting[] = [];
let scheduled = false;
let failure: UnbrokenError | null = null;
let flushes: number[] = [];
let reportedAt = performance.now();

function send(port: MessagePort, message: FromWriter): void {
  port.postMessage(message);
}

function serve(writer: LogWriter): void {
  listen(owner, writer);
  const retry = setInterval(() => guard(() => writer.catchUpOnFacts()), RETRY_FACTS_MS);
  const report = setInterval(reportFlushes, FLUSH_REPORT_MS);
  retry.unref();
  report.unref();
  send(owner, { kind: "opened", partitions: writer.partitions });
}

function listen(port: MessagePort, writer: LogWriter): void {
  ports.add(port);
  port.on("message", (message: ToWriter) => receive(port, writer, message));
  port.on("close", () => {
    ports.delete(port);
    followers.delete(port);
  });
}

function receive(port: MessagePort, writer: LogWriter, message: ToWriter): void {
  switch (message.kind) {
    case "append":
      waiting.push({ ...message, port });
      schedule(writer);
      return;
    case "follow":
      followers.add(port);
      return;
    case "attach":
      listen(message.port, writer);
      return;
    case "trim":
      trim(port, writer, message.id, message.partition, message.offset);
      return;
    case "close":
      close(writer);
      return;
  }
}

function schedule(writer: LogWriter): void {
  if (scheduled) return;
  scheduled = true;
  // After the poll phase: whatever lies in any port by then joins the group.
  setImmediate(() => {
    scheduled = false;
    commitGroup(writer);
    if (waiting.length > 0) schedule(writer);
  });
}

/** Commits what waits, up to `groupMax` records; a larger append goes alone. */
function commitGroup(writer: LogWriter): void {
  let records = 0;
  let size = 0;
  for (const append of waiting) {
    if (size > 0 && records + append.records > start.groupMax) break;
    records += append.records;
    size += 1;
  }
  if (size === 0) return;
  const group = waiting.slice(0, size);
  waiting = waiting.slice(size);
  if (failure !== null) {
    reject(group, failure);
    return;
  }
  const startedAt = performance.now();
  try {
    const firsts = writer.commit(group);
    flushes.push((performance.now() - startedAt) / 1_000, records);
    answer(group, firsts);
    if (performance.now() - reportedAt > FLUSH_REPORT_MS) reportFlushes();
  } catch (error) {
    const isFull = error instanceof UnbrokenError && error.code === "UB_LOG_FULL";
    reject(group, isFull ? error : fail(error));
  }
}

function answer(group: readonly Waiting[], firsts: readonly (readonly number[])[]): void {
  const told = new Set<MessagePort>();
  for (const [i, { port, id }] of group.entries()) {
    send(port, { kind: "done", id, firsts: firsts[i] ?? [] });
    told.add(port);
  }
  for (const port of followers) if (!told.has(port)) send(port, { kind: "appended" });
}

function reject(group: readonly Waiting[], error: unknown): void {
  const plain = plainError(error);
  for (const { port, id } of group) send(port, { kind: "failed", id, error: plain });
}

/** The disk failed. What it did is unknown, so nothing is written any more, not even to close the files. */
function fail(error: unknown): UnbrokenError {
  const plain = plainError(error);
  failure = new UnbrokenError("UB_STORE_IO", plain.message, {
    ...plain.details,
    reason: plain.code,
  });
  for (const port of ports) send(port, { kind: "fatal", error: plainError(failure) });
  return failure;
}

function guard(work: () => void): void {
  if (failure !== null) return;
  try {
    work();
  } catch (error) {
    fail(error);
  }
}

function trim(port: MessagePort, writer: LogWriter, id: number, p: number, offset: number): void {
  try {
    if (failure !== null) throw failure;
    send(port, { kind: "trimmed", id, first: writer.trim(p, offset) });
  } catch (error) {
    send(port, { kind: "failed", id, error: plainError(error) });
  }
}

function reportFlushes(): void {
  reportedAt = performance.now();
  if (flushes.length === 0) return;
  send(owner, { kind: "flushed", samples: Float64Array.from(flushes) });
  flushes = [];
}

function close(writer: LogWriter): void {
  // What was handed over before the close was asked for is still kept.
  for (const port of ports) {
    for (
      let next = receiveMessageOnPort(port);
      next !== undefined;
      next = receiveMessageOnPort(port)
    )
      receive(port, writer, next.message as ToWriter);
  }
  while (waiting.length > 0) commitGroup(writer);
  reportFlushes();
  guard(() => writer.close());
  for (const port of ports) {
    send(port, { kind: "closed" });
    port.close();
  }
}

function open(): LogWriter | null {
  try {
    return new LogWriter(start.options);
  } catch (error) {
    send(owner, { kind: "refused", error: plainError(error) });
    owner.close();
    return null;
  }
}

const writer = open();
if (writer !== null) serve(writer);
