import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { dependenciesOf, filesUnder, manifestOf, workspaces } from "./repository.ts";
import { importsOf } from "./source.ts";

const base = ["@unbroken/units", "@unbroken/model"] as const;
const anyPackage = "any package";

/** Which workspaces a folder may use: units ← model ← detection, devices, epc, evidence ← checker ← services. */
const mayUse: Readonly<Record<string, readonly string[] | typeof anyPackage>> = {
  "packages/units": [],
  "packages/errors": [],
  "packages/model": ["@unbroken/units"],
  "packages/detection": base,
  "packages/devices": base,
  "packages/epc": base,
  "packages/evidence": base,
  "packages/checker": [...base, "@unbroken/evidence", "@unbroken/detection"],
  "packages/device-client": [...base, "@unbroken/errors"],
  "packages/event-log": [...base, "@unbroken/errors"],
  "packages/time-series": [...base, "@unbroken/errors"],
  "packages/config": ["@unbroken/units", "@unbroken/errors"],
  "packages/observability": ["@unbroken/units", "@unbroken/errors"],
  "services/gateway": anyPackage,
  "services/processor": anyPackage,
  "services/notifier": anyPackage,
  "services/certifier": anyPackage,
  "services/api": anyPackage,
  "services/console": [
    ...base,
    "@unbroken/errors",
    "@unbroken/detection",
    "@unbroken/evidence",
    "@unbroken/checker",
  ],
  "simulators/fleet": anyPackage,
};

/** The one that composes all the others, and nothing that it may not use. */
const COMPOSER = "services/unbroken";

const all = workspaces();
const byName = new Map(all.map((workspace) => [workspace.manifest.name, workspace]));
const sources = all.map(({ folder, manifest }) => ({
  folder,
  manifest,
  imports: filesUnder(folder, /\.(?:ts|tsx|mjs)$/).flatMap((path) =>
    importsOf(path).map((specifier) => ({ path, specifier })),
  ),
}));
const rootTools = dependenciesOf(manifestOf("package.json")).map(([name]) => name);

function permitted(folder: string, used: string): boolean {
  if (folder === COMPOSER) return byName.has(used);
  const allowed = mayUse[folder] ?? [];
  if (allowed !== anyPackage) return allowed.includes(used);
  return byName.get(used)?.folder.startsWith("packages/") ?? false;
}

/** `@unbroken/event-log/embedded` → `@unbroken/event-log` and `./embedded`. */
function partsOf(specifier: string): { readonly name: string; readonly subpath: string } {
  const parts = specifier.split("/");
  const length = specifier.startsWith("@") ? 2 : 1;
  const rest = parts.slice(length).join("/");
  return { name: parts.slice(0, length).join("/"), subpath: rest === "" ? "." : `./${rest}` };
}

/** Tests, contract suites and what stands ready for tests are run by the tools of the root. */
function isRunByTests(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /\/(?:contract|testing)\//.test(path);
}

describe("the direction of imports", () => {
  it("is stated for every workspace there is, and there are some", () => {
    expect(all.length).toBeGreaterThan(10);
    const unstated = all
      .map((workspace) => workspace.folder)
      .filter((folder) => folder !== COMPOSER && !Object.hasOwn(mayUse, folder));
    expect(unstated).toEqual([]);
  });

  it.each(sources)("of $folder is kept by its package.json", ({ folder, manifest }) => {
    const wrong = dependenciesOf(manifest)
      .map(([name]) => name)
      .filter((name) => name.startsWith("@unbroken/") || byName.has(name))
      .filter((name) => !permitted(folder, name));
    expect(wrong).toEqual([]);
  });

  it.each(sources)("of $folder is kept by every import", ({ folder, manifest, imports }) => {
    const declared = dependenciesOf(manifest).map(([name]) => name);
    const wrong = imports.filter(({ path, specifier }) => {
      if (specifier.startsWith(".")) return false;
      if (isBuiltin(specifier)) return !specifier.startsWith("node:");
      const { name } = partsOf(specifier);
      if (byName.has(name) || name.startsWith("@unbroken/"))
        return !permitted(folder, name) || !declared.includes(name);
      return !declared.includes(name) && !(isRunByTests(path) && rootTools.includes(name));
    });
    expect(wrong).toEqual([]);
  });

  it.each(sources)("of $folder stays inside it where it is relative", ({ folder, imports }) => {
    const outside = imports.filter(
      ({ path, specifier }) =>
        specifier.startsWith(".") &&
        !normalize(join(dirname(path), specifier))
          .replaceAll("\\", "/")
          .startsWith(`${folder}/`),
    );
    expect(outside).toEqual([]);
  });

  it.each(sources)("of $folder goes through what others export", ({ imports }) => {
    const deep = imports.filter(({ specifier }) => {
      const { name, subpath } = partsOf(specifier);
      const target = byName.get(name);
      return target !== undefined && !Object.hasOwn(target.manifest.exports ?? {}, subpath);
    });
    expect(deep).toEqual([]);
  });

  it("leads from tests to the rest, never back, and by public names only", () => {
    const fromTests = filesUnder("tests", /\.ts$/).flatMap((path) =>
      importsOf(path)
        .filter((specifier) => specifier.startsWith("."))
        .filter((specifier) => !normalize(join(dirname(path), specifier)).startsWith("tests/"))
        .map((specifier) => ({ path, specifier })),
    );
    expect(fromTests).toEqual([]);
    const toTests = sources.flatMap(({ manifest, imports }) => [
      ...dependenciesOf(manifest).filter(([name]) => name === "@unbroken/tests"),
      ...imports.filter(({ specifier }) => specifier.startsWith("@unbroken/tests")),
    ]);
    expect(toTests).toEqual([]);
  });
});
