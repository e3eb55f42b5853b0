import { expect, it } from "vitest";
import { IngestBroker } from "./ingest-broker.ts";

it("hands what a device publishes to no subscriber, and is done with it at once", async () => {
  const broker = new IngestBroker({});
  await broker.listen();
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const listener = ({ topic }: { topic: string }, done: () => void): void => {
      heard.push(topic);
      done();
    };
    broker.subscribe("#", listener, resolve);
  });
  let isDone = false;
  const packet = {
    cmd: "publish",
    topic: "t",
    payload: "p",
    qos: 1,
    dup: false,
    retain: true,
  } as const;
  broker.publish(packet, null, () => {
    isDone = true;
  });
  expect(isDone).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([]);
  await new Promise<void>((resolve) => {
    broker.close(resolve);
  });
});
