import { useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem } from "./api.ts";

/** Something fetched. While it is fetched anew the last value stays; `slow` is set after 300 ms without one. */
export interface Resource<T> {
  readonly value: T | null;
  readonly loading: boolean;
  readonly slow: boolean;
  /** `network` or the stable code of the problem. */
  readonly failure: string | null;
  readonly reload: () => void;
}

const SLOW_MS = 300;

/** Fetches whenever `key` changes; an answer to an older key is thrown away. */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
): Resource<T> {
  const [state, setState] = useState<Omit<Resource<T>, "reload">>({
    value: null,
    loading: true,
    slow: false,
    failure: null,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    const timer = window.setTimeout(
      () => setState((before) => ({ ...before, slow: true })),
      SLOW_MS,
    );
    latest
      .current(abort.signal)
      .then(
        (value) => ({ value, failure: null }),
        (problem: unknown) => ({
          failure: problem instanceof ApiProblem ? problem.code : "network",
        }),
      )
      .then((result) => {
        if (abort.signal.aborted) return;
        window.clearTimeout(timer);
        setState((before) => ({ ...before, ...result, loading: false, slow: false }));
      })
      .catch(() => undefined);
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [key, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  return { ...state, reload };
}
