import { parentPort } from "node:worker_threads";
import { backtestQuestion, judgeQuestion } from "./judge-question.ts";
import type { BacktestOf, VerdictAnswer, VerdictQuestion } from "./verdict-question.ts";

// A thread of its own: a verdict on years takes seconds, in which boards and feeds must go on.

interface Asked {
  readonly id: number;
  readonly question: VerdictQuestion;
  readonly against: BacktestOf | null;
}

function answerTo({ id, question, against }: Asked): VerdictAnswer {
  try {
    const document =
      against === null ? judgeQuestion(question) : backtestQuestion(question, against);
    return { id, document };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on("message", (asked: Asked) => parentPort?.postMessage(answerTo(asked)));
