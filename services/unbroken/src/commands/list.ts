import { UnbrokenError } from "@unbroken/errors";
import { parseIsoTime } from "@unbroken/units";
import { apiClient } from "../api-client.ts";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";

const help = (
  what: string,
  order: string,
): string => `usage: unbroken ${what} --server URL --token T [--organisation O] [--device D] [--from T] [--to T]${what === "excursions" ? " [--as-of T]" : ""}

Prints the ${what} that a running server has, one JSON object a line, ordered by ${order}.

  --server URL        the server's address, http://127.0.0.1:8080
  --token T           the administrator's token
  --organisation O    only those of one organisation
  --device D          only those of one device${what === "excursions" ? "'s space" : ""}
  --from T, --to T    only those of [from, to); times as RFC 3339 has them, with offset
${what === "excursions" ? "  --as-of T           as they were said to be at this moment, whatever came in later\n" : ""}`;

export function runReadings(args: readonly string[], io: Io): Promise<number> {
  return runList("readings", "measured_at", args, io);
}

export function runExcursions(args: readonly string[], io: Io): Promise<number> {
  return runList("excursions", "since", args, io);
}

async function runList(
  what: string,
  order: string,
  args: readonly string[],
  io: Io,
): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    server: { type: "string" },
    token: { type: "string" },
    organisation: { type: "string" },
    device: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    ...(what === "excursions" ? { "as-of": { type: "string" } } : {}),
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(help(what, order));
    return 0;
  }
  if (positionals.length > 0)
    throw new UnbrokenError("UB_USAGE", `"${positionals.join(" ")}" is one word too many`);
  const query = new URLSearchParams({ limit: "1000" });
  for (const name of ["organisation", "device"] as const) {
    const value = values[name];
    if (value !== undefined) query.set(name, value);
  }
  for (const name of ["from", "to", "as-of"] as const) {
    const value = values[name];
    if (value === undefined) continue;
    if (parseIsoTime(value) === null)
      throw new UnbrokenError(
        "UB_USAGE",
        `--${name}: a time with offset is expected: 2026-05-05T09:21:56Z`,
      );
    query.set(name.replace("-", "_"), value);
  }
  const client = apiClient(required(values.server, "--server"), required(values.token, "--token"));
  for await (const item of client.list(`${what}?${query.toString()}`))
    io.stdout(`${JSON.stringify(item)}\n`);
  return 0;
}
