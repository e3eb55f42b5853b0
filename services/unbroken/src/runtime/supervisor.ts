import { UnbrokenError } from "@unbroken/errors";
import { startRuntime, type Addresses, type Runtime, type RuntimeOptions } from "./runtime.ts";

/** Waits between attempts, in ms; after the last one the process ends and leaves the rest to whoever started it. */
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A runtime that lived this long was well: the next failure begins the waits anew. */
const HEALTHY_MS = 60_000;

export interface Supervisor {
  readonly addresses: Addresses;
  /** Resolves when everything has stopped in order. */
  stop(): Promise<void>;
  /** Resolves if recovery was given up. */
  readonly gaveUp: Promise<UnbrokenError>;
}

/**
 * Keeps a runtime alive: after a failure everything is ended at once and started anew from disk, which is the
 * self-check: the log verifies its files, the processor continues from its checkpoint. The first start is not retried:
 * what keeps it from starting is for the person who started it.
 */
export async function supervise(options: Omit<RuntimeOptions, "onFailure">): Promise<Supervisor> {
  const { logger } = options;
  let runtime: Runtime;
  let stopping = false;
  let attempts = 0;
  let startedAt = performance.now();
  let recovery: Promise<void> = Promise.resolve();
  let giveUp: (error: UnbrokenError) => void = () => undefined;
  const gaveUp = new Promise<UnbrokenError>((resolve) => {
    giveUp = resolve;
  });

  const start = (settings: RuntimeOptions["settings"]): Promise<Runtime> =>
    startRuntime({
      ...options,
      settings,
      onFailure: (error) => {
        recovery = recover(error);
      },
    });

  runtime = await start(options.settings);
  // Clients know these addresses: after a recovery they must hold again, also where any free port was asked for.
  const addresses = runtime.addresses;
  const settled = settingsAt(options.settings, addresses);

  // Read through a function: the compiler cannot see that `stop` changes it meanwhile.
  const isStopping = (): boolean => stopping;

  async function recover(cause: unknown): Promise<void> {
    if (isStopping()) return;
    await runtime.kill();
    if (performance.now() - startedAt > HEALTHY_MS) attempts = 0;
    for (; !isStopping(); attempts++) {
      const wait = BACKOFF_MS[attempts];
      if (wait === undefined) {
        giveUp(
          new UnbrokenError(
            "UB_START_FAILED",
            `gave up after ${attempts} recoveries: ${String(cause)}`,
          ),
        );
        return;
      }
      await pause(wait);
      try {
        runtime = await start(settled);
        startedAt = performance.now();
        attempts++;
        logger.warn({ attempts }, "recovered");
        return;
      } catch (error) {
        logger.error({ err: error }, "recovery failed");
      }
    }
  }

  return {
    addresses,
    gaveUp,
    async stop() {
      stopping = true;
      await recovery;
      await runtime.stop();
    },
  };
}

function settingsAt(
  settings: RuntimeOptions["settings"],
  { mqtt, mqtts, http }: Addresses,
): RuntimeOptions["settings"] {
  return {
    ...settings,
    mqtt: { ...settings.mqtt, plain: new URL(mqtt).host, tls: new URL(mqtts).host },
    http: { ...settings.http, listen: new URL(http).host },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
