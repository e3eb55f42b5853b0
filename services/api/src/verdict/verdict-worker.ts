import { parentPort } from "node:worker_threads";
import { judgeQuestion } from "./judge-question.ts";
import type { VerdictAnswer, VerdictQuestion } from "./verdict-question.ts";

// A thread of its own: a verdict on years takes seconds, in which boards and feeds must go on.

interface Asked {
  readonly id: number;
  readonly question: VerdictQuestion;
}

function answerTo({ id, question }: Asked): VerdictAnswer {
  try {
    return { id, document: judgeQuestion(question) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on("message", (asked: Asked) => parentPort?.postMessage(answerTo(asked)));
