import { UnbrokenError } from "@unbroken/errors";
import type { Io } from "../io.ts";
import { ProfileFaulty } from "./load-profile.ts";

/**
 * What a command answers whose profile or readings cannot be used: one object on stdout, lines for people on stderr.
 * @param profiles how the command line names what it was given.
 * @returns the exit status.
 * @throws the error itself where it is about the command line, or not one of ours.
 */
export function answerRefused(command: string, profiles: string, error: unknown, io: Io): number {
  if (!(error instanceof UnbrokenError) || error.code === "UB_USAGE") throw error;
  const { code, message } = error;
  const problems = error instanceof ProfileFaulty ? error.problems : [];
  const errors = problems.map(({ pointer, message: detail }) => ({ pointer, detail }));
  const answer = { code, message, ...(errors.length === 0 ? {} : { errors }) };
  io.stdout(`${JSON.stringify({ error: answer })}\n`);
  const lines = problems.map(({ pointer, message: detail }) => `\n  ${pointer} ${detail}`);
  const said = lines.length === 0 ? message : `${profiles} cannot be used`;
  io.stderr(`unbroken ${command}: ${said} (${code})${lines.join("")}\n`);
  return 1;
}
