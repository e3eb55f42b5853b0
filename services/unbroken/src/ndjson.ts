const NEWLINE = 0x0a;
const encoder = new TextEncoder();

/** The lines of a stream, as bytes without their line ends; null for a line longer than `lineMax` bytes. */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array | string>,
  lineMax: number,
): AsyncGenerator<Uint8Array | null> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const hold = (piece: Uint8Array): void => {
    heldBytes += piece.length;
    // Of a line that is too long only its length is of interest.
    if (heldBytes > lineMax) held = [];
    else if (piece.length > 0) held.push(piece);
  };
  const take = (): Uint8Array | null => {
    const line = heldBytes > lineMax ? null : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return line;
  };
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? encoder.encode(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      hold(bytes.subarray(from, end));
      yield take();
      from = end + 1;
    }
    hold(bytes.subarray(from));
  }
  if (heldBytes > 0) yield take();
}
