import { describe, expect, it } from "vitest";
import { dependenciesOf, manifestOf, textOf, workspaces } from "./repository.ts";

const manifests = [
  ...workspaces().map((workspace) => workspace.manifest),
  manifestOf("package.json"),
  manifestOf("tests/package.json"),
];
const ours = new Set(manifests.map((manifest) => manifest.name));
const thirdParty = manifests.flatMap((manifest) =>
  dependenciesOf(manifest)
    .filter(([name]) => !ours.has(name))
    .map(([name, version]) => ({ by: manifest.name, name, version })),
);

describe("third-party packages", () => {
  it("each have a line in docs/dependencies.md that says why, and no line is left of one that is gone", () => {
    const rows = textOf("docs/dependencies.md")
      .split("\n")
      .flatMap((line) => /^\| `([^`]+)` +\| ([^|]+) \| ([^|]+) \|$/.exec(line)?.slice(1) ?? []);
    const names = rows.filter((_, i) => i % 3 === 0);
    expect(thirdParty.length).toBeGreaterThan(20);
    expect(names.toSorted()).toEqual([...new Set(thirdParty.map(({ name }) => name))].sort());
    const reasons = rows.filter((_, i) => i % 3 === 2).map((reason) => reason.trim());
    expect(reasons.filter((reason) => reason.length < 12)).toEqual([]);
  });

  it("are of exact versions, the same everywhere", () => {
    expect(
      thirdParty.filter(({ version }) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)),
    ).toEqual([]);
    const versions = new Map<string, Set<string>>();
    for (const { name, version } of thirdParty)
      versions.set(name, (versions.get(name) ?? new Set<string>()).add(version));
    expect([...versions].filter(([, found]) => found.size > 1)).toEqual([]);
  });
});

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly resolved?: string }>
  >;
}

describe("package-lock.json", () => {
  const { packages } = JSON.parse(textOf("package-lock.json")) as Lockfile;

  it("names no host to install from: that is the reader's choice", () => {
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    const hosts = Object.values(packages).flatMap(({ resolved }) =>
      resolved?.includes("://") === true ? [resolved] : [],
    );
    expect(hosts).toEqual([]);
  });

  it.each([
    [
      "aedes",
      "1.2.0",
      "GHSA-5jvp-3p2v-5qgf, unbounded QoS 2 window; GHSA-xxqp-5qx8-gj5q, deep topic",
    ],
    ["ws", "8.21.0", "CVE-2026-48779, memory by tiny fragments"],
    ["body-parser", "2.3.0", "CVE-2026-12590, no limit at all where the limit is not valid"],
    ["qs", "6.14.1", "CVE-2025-15284, memory by long arrays"],
    ["path-to-regexp", "8.4.0", "GHSA-j3q9 and GHSA-27v5, time by crafted paths"],
  ])("has no %s before %s (%s)", (name, floor) => {
    const versions = Object.entries(packages).flatMap(([path, { version }]) =>
      path.endsWith(`node_modules/${name}`) && version !== undefined ? [version] : [],
    );
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter((version) => isBefore(version, floor))).toEqual([]);
  });
});

function isBefore(version: string, floor: string): boolean {
  const parts = version.split(/[.-]/).map(Number);
  const difference = floor
    .split(".")
    .map((least, i) => (parts[i] ?? 0) - Number(least))
    .find((part) => part !== 0);
  // A pre-release of the floor is before it.
  return difference === undefined ? version.includes("-") : difference < 0;
}
