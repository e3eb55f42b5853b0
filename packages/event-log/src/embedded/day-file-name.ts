const DAY_FILE = /^messages-.+\.db$/;

/** `messages-2026-05-05.db`; with a number behind if our clock brings the same day a second time. */
export function dayFileName(day: string, taken: ReadonlySet<string>): string {
  let name = `messages-${day}.db`;
  for (let n = 2; taken.has(name); n++) name = `messages-${day}.${n}.db`;
  return name;
}

export function looksLikeDayFile(name: string): boolean {
  return DAY_FILE.test(name);
}
