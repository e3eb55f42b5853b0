import { pino, type Logger } from "pino";

export type { Logger };

/**
 * One JSON line per event on stderr, since stdout belongs to results. An error that a line is about stands under
 * `code` with the same stable code that the API or the quarantine shows; secrets and payloads are never logged.
 */
export function createLogger(service: string, level: string): Logger {
  return pino(
    {
      base: { service },
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["password", "token", "*.password", "*.token", "*.authorization"],
        remove: true,
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
