/** Several ordered sources as one: the least item first. Each source is read one item ahead and no further. */
export async function* merged<T>(
  sources: readonly AsyncGenerator<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const heads: { source: AsyncGenerator<T>; item: T }[] = [];
  for (const source of sources) {
    const first = await source.next();
    if (first.done !== true) heads.push({ source, item: first.value });
  }
  for (;;) {
    let least = heads[0];
    if (least === undefined) return;
    for (const head of heads) if (compare(head.item, least.item) < 0) least = head;
    yield least.item;
    const next = await least.source.next();
    if (next.done === true) heads.splice(heads.indexOf(least), 1);
    else least.item = next.value;
  }
}
