import type { AcceptedCommit, OutputReader } from "@unbroken/event-log";

const PAGE = 256;

/**
 * Hands over each accepted commit once, in order, from `next` on, as soon as it is seen. One read is under way at a
 * time; `failed` is called when a read fails, and the next commit tries again.
 */
export class CommitFollower {
  readonly #outputs: OutputReader;
  readonly #next: number[];
  readonly #apply: (commit: AcceptedCommit) => void;
  readonly #failed: (error: unknown) => void;
  readonly #unsubscribe: () => void;
  #again = false;
  #reading: Promise<void> | null = null;
  #stopped = false;

  constructor(
    outputs: OutputReader,
    next: readonly number[],
    apply: (commit: AcceptedCommit) => void,
    failed: (error: unknown) => void,
  ) {
    this.#outputs = outputs;
    this.#next = [...next];
    this.#apply = apply;
    this.#failed = failed;
    this.#unsubscribe = outputs.onCommitted(() => this.wake());
    this.wake();
  }

  wake(): void {
    this.#again = true;
    if (this.#reading !== null || this.#stopped) return;
    this.#reading = this.#readOn()
      .catch(this.#failed)
      .finally(() => {
        this.#reading = null;
        // A commit may have been announced after the last look and before this.
        if (this.#again) this.wake();
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    await this.#reading;
  }

  async #readOn(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      for (let partition = 0; partition < this.#next.length; partition++) {
        const commits = await this.#outputs.readCommits(
          partition,
          this.#next[partition] ?? 0,
          PAGE,
        );
        for (const commit of commits) {
          this.#apply(commit);
          this.#next[partition] = commit.sequence + 1;
        }
        if (commits.length === PAGE) this.#again = true;
      }
    }
  }
}
