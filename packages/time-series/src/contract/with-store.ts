import { randomUUID } from "node:crypto";
import type { TimeSeries } from "../port.ts";

/** The same name is the same storage: closing and opening again is the restart. */
export type OpenStore = (storage: string) => Promise<TimeSeries>;

export interface Stored {
  readonly store: TimeSeries;
  /** Closes and opens again. The store from before is of no more use. */
  readonly reopened: () => Promise<TimeSeries>;
  /** Checks now, and once more after a restart. */
  readonly alsoReopened: (check: (store: TimeSeries) => Promise<void>) => Promise<void>;
}

/** Runs `work` on a fresh store and closes whatever is open in the end. */
export async function withStore(
  open: OpenStore,
  work: (stored: Stored) => Promise<void>,
): Promise<void> {
  const storage = randomUUID();
  let store = await open(storage);
  const reopened = async (): Promise<TimeSeries> => {
    await store.close();
    return (store = await open(storage));
  };
  const alsoReopened: Stored["alsoReopened"] = async (check) => {
    await check(store);
    await check(await reopened());
  };
  try {
    await work({ store, reopened, alsoReopened });
  } finally {
    await store.close();
  }
}
