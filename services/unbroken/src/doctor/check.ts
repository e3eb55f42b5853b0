/** One finding: what was looked at, whether it is well, and if not, what to do. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
  readonly advice: string | null;
}

export const ok = (check: string, detail: string): Finding => ({
  check,
  state: "ok",
  detail,
  advice: null,
});

export const warn = (check: string, detail: string, advice: string): Finding => ({
  check,
  state: "warn",
  detail,
  advice,
});

export const fail = (check: string, detail: string, advice: string): Finding => ({
  check,
  state: "fail",
  detail,
  advice,
});
