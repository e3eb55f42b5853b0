/** What a command reads and writes: results on stdout, everything else on stderr. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether a person watches stderr, so that progress is worth drawing. */
  readonly progress: boolean;
}
