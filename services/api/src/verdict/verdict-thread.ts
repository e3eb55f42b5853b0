import { Worker } from "node:worker_threads";
import type { BacktestDocument, VerdictDocument } from "@unbroken/detection";
import {
  buffersOf,
  type BacktestOf,
  type VerdictAnswer,
  type VerdictQuestion,
} from "./verdict-question.ts";

interface Waiting {
  readonly resolve: (document: VerdictDocument | BacktestDocument) => void;
  readonly reject: (error: Error) => void;
}

/** Judges intervals one after the other in a thread that starts with the first question. */
export class VerdictThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #asked = 0;

  judge(question: VerdictQuestion): Promise<VerdictDocument> {
    return this.#ask(question, null) as Promise<VerdictDocument>;
  }

  backtest(question: VerdictQuestion, against: BacktestOf): Promise<BacktestDocument> {
    return this.#ask(question, against) as Promise<BacktestDocument>;
  }

  #ask(
    question: VerdictQuestion,
    against: BacktestOf | null,
  ): Promise<VerdictDocument | BacktestDocument> {
    this.#worker ??= this.#start();
    const id = this.#asked++;
    const buffers = question.readings.flatMap(buffersOf);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // Whoever waits for an answer keeps the process; an idle thread does not.
      this.#worker?.ref();
      this.#worker?.postMessage({ id, question, against }, buffers);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#fail(new Error("the API stops"));
  }

  #start(): Worker {
    // The sources run as they are under type stripping, and compiled: the worker is the neighbour with the same ending.
    const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const worker = new Worker(new URL(`./verdict-worker.${ending}`, import.meta.url));
    worker.on("message", (answer: VerdictAnswer) => this.#answered(answer));
    worker.on("error", (error) => this.#lost(worker, error as Error));
    worker.on("exit", () => this.#lost(worker, new Error("the thread that judges has ended")));
    return worker;
  }

  #answered(answer: VerdictAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("document" in answer) waiting?.resolve(answer.document);
    else waiting?.reject(new Error(answer.error));
  }

  /** Whoever asks next gets a new thread. */
  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#fail(error);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
