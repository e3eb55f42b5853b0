import { existsSync, readFileSync } from "node:fs";
import { UnbrokenError } from "@unbroken/errors";
import { apiClient } from "../api-client.ts";
import { parseOptions, required } from "../arguments.ts";
import type { Io } from "../io.ts";

const HELP = `usage: unbroken device add --server URL --token T --organisation O --device D [--space S] [--profile FILE_OR_ID]

Registers a device with a running server and prints, as one JSON object, all that an MQTT client needs:
  {"organisation","device","username","password","topic"}
The password is shown this once; the server keeps only its hash.

  --server URL        the server's address, http://127.0.0.1:8080
  --token T           the administrator's token, printed when the server first started
  --organisation O    the organisation that the device belongs to
  --device D          the device's name: letters, digits, _ . -
  --space S           the room or compartment that it measures; it is declared if it is new
  --profile P         the rules for that space: a profile's id (chilled.cn, vacc.2-8.store, …;
                      unbroken judge --profile list prints all) or a JSON file

A reading, once the device is there:
  mosquitto_pub -h 127.0.0.1 -p 1883 -u USERNAME -P PASSWORD -q 1 -t TOPIC -m '{"temperature_c": 4.2}'
`;

export async function runDevice(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    server: { type: "string" },
    token: { type: "string" },
    organisation: { type: "string" },
    device: { type: "string" },
    space: { type: "string" },
    profile: { type: "string" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  if (positionals[0] !== "add" || positionals.length > 1)
    throw new UnbrokenError("UB_USAGE", "the only thing to do with a device so far is: device add");
  const organisation = required(values.organisation, "--organisation");
  const device = required(values.device, "--device");
  const client = apiClient(required(values.server, "--server"), required(values.token, "--token"));
  const credentials = await client.request(
    "POST",
    `organisations/${encodeURIComponent(organisation)}/devices/${encodeURIComponent(device)}`,
    {
      ...(values.space === undefined ? {} : { space: values.space }),
      ...(values.profile === undefined ? {} : { profile: profileFrom(values.profile) }),
    },
  );
  io.stdout(`${JSON.stringify(credentials)}\n`);
  return 0;
}

/** A file's document, or the name of a built-in profile. */
function profileFrom(fileOrId: string): unknown {
  if (!existsSync(fileOrId)) {
    if (/[/\\]|\.json$/.test(fileOrId))
      throw new UnbrokenError("UB_PROFILE_UNKNOWN", `there is no file ${fileOrId}`);
    return fileOrId;
  }
  try {
    return JSON.parse(readFileSync(fileOrId, "utf8")) as unknown;
  } catch (cause) {
    throw new UnbrokenError(
      "UB_PROFILE_INVALID",
      `${fileOrId}: ${(cause as Error).message}`,
      {},
      { cause },
    );
  }
}
