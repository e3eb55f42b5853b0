import { Settings, settingPaths, variableOf } from "@unbroken/config";
import { codes } from "@unbroken/errors";
import { metricNames } from "@unbroken/observability";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { filesUnder, textOf } from "./repository.ts";
import { parse, stringsIn } from "./source.ts";

const known = Object.keys(codes);

/** The cells of every row of the page's tables, code marks removed, without the rows of headings. */
function rowsOf(page: string): readonly (readonly string[])[] {
  return textOf(page)
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, "$1")),
    );
}

describe("docs/errors.md", () => {
  const sections = textOf("docs/errors.md").split(/^## /m).slice(1);
  const titles = sections.map((section) => section.split("\n")[0]);

  it("has exactly one heading for each code, and none for a code that is gone", () => {
    expect(known.length).toBeGreaterThan(40);
    expect(titles.toSorted()).toEqual(known.toSorted());
  });

  it.each(sections.map((section) => [section.split("\n")[0] ?? "", section]))(
    "says of %s what happened, what was kept and what to do",
    (_, section) => {
      const said = /\*\*Happened\.\*\* (.+?)\s*\*\*Kept\.\*\* (.+?)\s*\*\*Do\.\*\* (.+)/s.exec(
        section,
      );
      expect(said?.slice(1).map((part) => part.length > 15)).toEqual([true, true, true]);
    },
  );
});

describe("error codes in sources", () => {
  const used = ["packages", "services", "simulators", "bench", "tests"]
    .flatMap((folder) => filesUnder(folder, /\.tsx?$/))
    .flatMap((path) =>
      stringsIn(parse(path))
        .filter((node) => /^UB_[A-Z0-9_]+$/.test(node.text))
        // process.env["UB_SEED"] is a variable of the environment.
        .filter((node) => !ts.isElementAccessExpression(node.parent))
        .map((node) => ({ path, code: node.text })),
    );

  it("are all in the registry", () => {
    expect(used.length).toBeGreaterThan(50);
    // A beginning, `UB_PAYLOAD_`, stands for all that begin with it.
    const unknown = used.filter(({ code }) =>
      code.endsWith("_")
        ? !known.some((each) => each.startsWith(code))
        : !Object.hasOwn(codes, code),
    );
    expect(unknown).toEqual([]);
  });
});

describe("docs/metrics.md", () => {
  it("lists exactly the metrics that there are", () => {
    expect(metricNames.length).toBeGreaterThan(10);
    expect(rowsOf("docs/metrics.md").map(([name]) => name)).toEqual(metricNames);
  });
});

describe("docs/config.md", () => {
  it("lists exactly the settings that there are, with variable, default and meaning", () => {
    const schema = z.toJSONSchema(Settings, { io: "input" }) as unknown as {
      readonly properties: Readonly<
        Record<string, { readonly properties: Readonly<Record<string, JsonSchemaEntry>> }>
      >;
    };
    const expected = settingPaths().map(([section, name]) => {
      const entry = schema.properties[section]?.properties[name];
      return [
        `${section}.${name}`,
        variableOf(section, name),
        JSON.stringify(entry?.default),
        entry?.description,
      ];
    });
    expect(expected.length).toBeGreaterThan(20);
    expect(rowsOf("docs/config.md")).toEqual(expected);
  });
});

interface JsonSchemaEntry {
  readonly default?: unknown;
  readonly description?: string;
}
