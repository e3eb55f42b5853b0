import { readFileSync } from "node:fs";
import { UnbrokenError } from "@unbroken/errors";
import { Settings } from "./settings.ts";

export interface SettingsSources {
  /** A JSON file; absent where none was named. */
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Settings by path, `mqtt.plain`; these win. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

const PREFIX = "UNBROKEN_";

/**
 * One source after the other, the later wins, then the schema.
 * @throws UB_CONFIG_UNKNOWN naming the key, UB_CONFIG_INVALID naming the key and what would be right.
 */
export function loadSettings(sources: SettingsSources = {}): Settings {
  const raw = sources.file === undefined ? {} : readSettingsFile(sources.file);
  for (const [name, text] of Object.entries(sources.environment ?? {})) {
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const path = pathOfVariable(name);
    if (path === null)
      throw new UnbrokenError(
        "UB_CONFIG_UNKNOWN",
        `no setting belongs to the environment variable ${name}`,
        { key: name },
      );
    put(raw, path, parseText(path, text));
  }
  for (const [key, value] of Object.entries(sources.overrides ?? {}))
    put(raw, key.split("."), value);
  const parsed = Settings.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    const key = [...(at === "" ? [] : [at]), issue.keys[0] ?? ""].join(".");
    throw new UnbrokenError("UB_CONFIG_UNKNOWN", `no setting is called ${key}`, { key });
  }
  throw new UnbrokenError("UB_CONFIG_INVALID", `${at}: ${issue?.message ?? "not valid"}`, {
    key: at,
  });
}

type Raw = Record<string, unknown>;

function readSettingsFile(file: string): Raw {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UnbrokenError(
      "UB_CONFIG_INVALID",
      `${file}: ${(cause as Error).message}`,
      { file },
      { cause },
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnbrokenError("UB_CONFIG_INVALID", `${file}: an object of settings is expected`, {
      file,
    });
  return value as Raw;
}

/** Every setting by path, with its defaults: how the names of variables and the docs are made. */
export function settingPaths(): readonly (readonly [section: string, name: string])[] {
  return Object.entries(Settings.parse({})).flatMap(([section, values]) =>
    Object.keys(values).map((name) => [section, name] as const),
  );
}

/** `UNBROKEN_MQTT_PACKET_BYTES_MAX` → `mqtt.packetBytesMax`; null for a name that no setting has. */
function pathOfVariable(name: string): readonly string[] | null {
  return settingPaths().find(([section, key]) => variableOf(section, key) === name) ?? null;
}

export function variableOf(section: string, name: string): string {
  return `${PREFIX}${section}_${name.replace(/[A-Z]/g, (c) => `_${c}`)}`.toUpperCase();
}

function parseText(path: readonly string[], text: string): unknown {
  const defaults = Settings.parse({}) as Record<string, Record<string, unknown>>;
  const kind = typeof defaults[path[0] ?? ""]?.[path[1] ?? ""];
  if (kind === "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function put(target: Raw, path: readonly string[], value: unknown): void {
  let at = target;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    at = at[key] =
      typeof next === "object" && next !== null && !Array.isArray(next) ? { ...next } : {};
  }
  at[path.at(-1) ?? ""] = value;
}
