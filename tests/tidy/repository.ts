import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What the repository's own rules are checked against: the files as they lie on disk. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Installed, built or left by a run: never part of the repository (.gitignore says the same). */
const notOurs = new Set([
  ".git",
  "node_modules",
  "dist",
  "data",
  "test-results",
  ".launch",
  ".vite",
]);

/** Paths from the root, with `/`. */
export function filesUnder(folder: string, extension: RegExp): readonly string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (notOurs.has(entry.name)) continue;
      const inside = join(path, entry.name);
      if (entry.isDirectory()) visit(inside);
      else if (entry.isFile() && extension.test(entry.name)) found.push(inside);
    }
  };
  visit(join(root, folder));
  return found.map((path) => relative(root, path).replaceAll("\\", "/")).sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Workspace {
  /** `packages/units` */
  readonly folder: string;
  readonly manifest: Manifest;
}

export function manifestOf(path: string): Manifest {
  return JSON.parse(textOf(path)) as Manifest;
}

/** Every workspace but the tests: folders with a package.json. */
export function workspaces(): readonly Workspace[] {
  return ["packages", "services", "simulators"].flatMap((parent) =>
    filesUnder(parent, /^package\.json$/).map((path) => ({
      folder: path.replace(/\/package\.json$/, ""),
      manifest: manifestOf(path),
    })),
  );
}

/** Every dependency of a manifest with its version, whatever it is for. */
export function dependenciesOf(manifest: Manifest): readonly (readonly [string, string])[] {
  return [
    manifest.dependencies ?? {},
    manifest.devDependencies ?? {},
    manifest.optionalDependencies ?? {},
  ].flatMap((section) => Object.entries(section));
}
