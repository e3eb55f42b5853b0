import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { builtInProfileRows, builtInProfiles } from "./index.ts";

it("docs/profiles.md shows every profile that comes with Unbroken as it is", () => {
  const page = readFileSync(new URL("../../../docs/profiles.md", import.meta.url), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows.length).toBe(builtInProfiles.length);
  const [, ...expected] = builtInProfileRows();
  expect(rows).toEqual(expected);
});
