import type { OutputReader } from "@unbroken/event-log";

const PAGE = 500;

/** The state rows of a prefix in key order, after `afterKey`, their JSON parsed; read page by page as they are taken. */
export async function* scanAll(
  outputs: Pick<OutputReader, "scanState">,
  partition: number,
  prefix: string,
  afterKey: string | null = null,
  page: number = PAGE,
): AsyncGenerator<{ readonly key: string; readonly value: unknown }> {
  let after = afterKey;
  for (;;) {
    const rows = await outputs.scanState(partition, prefix, after, page);
    for (const [key, body] of rows) {
      yield { key, value: JSON.parse(Buffer.from(body).toString()) as unknown };
      after = key;
    }
    if (rows.length < page) return;
  }
}
