import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesUnder, textOf } from "./repository.ts";
import { linesWithText, parse } from "./source.ts";

// Limits that may only fall. Each stands at what is worst today, or better.
const LINES_MAX = 600;
const COLUMNS_MAX = 120;
const COMMENT_COLUMNS_MAX = 130;

const sources = ["packages", "services", "simulators", "tests", "bench", "scripts"].flatMap(
  (folder) => filesUnder(folder, /\.(?:ts|tsx|mjs)$/),
);
/** Long because they are lists: of definitions, of messages in a language. */
const isCatalogue = (path: string): boolean => /\/(?:catalogue|definitions|messages)\//.test(path);

function linesWhere(path: string, holds: (line: string) => boolean): readonly string[] {
  return textOf(path)
    .split("\n")
    .flatMap((line, i) => (holds(line) ? [`${path}:${i + 1} ${line.trim()}`] : []));
}

describe("every source file", () => {
  it("is looked at", () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it(`has at most ${LINES_MAX} lines, catalogues excepted`, () => {
    const long = sources.filter(
      (path) => !isCatalogue(path) && textOf(path).split("\n").length > LINES_MAX + 1,
    );
    expect(long).toEqual([]);
  });

  it(`has lines of at most ${COLUMNS_MAX} columns, unless they hold text that cannot be broken`, () => {
    const wide = sources.flatMap((path) => {
      const lines = textOf(path).split("\n");
      if (!lines.some((line) => line.length > COLUMNS_MAX)) return [];
      const text = linesWithText(parse(path));
      return lines.flatMap((line, i) => {
        const comment = /^\s*(?:\/\/|\/?\*)/.test(line);
        // A suppression and its reason have to stand on one line.
        if (line.includes("eslint-" + "disable")) return [];
        const max = comment ? COMMENT_COLUMNS_MAX : text.has(i) ? Infinity : COLUMNS_MAX;
        return line.length > max ? [`${path}:${i + 1}`] : [];
      });
    });
    expect(wide).toEqual([]);
  });

  it("is named after its one concept", () => {
    const banned = /\/(?:utils?|helpers?|types|common|misc)\.(?:ts|tsx|mjs)$/;
    expect(sources.filter((path) => banned.test(path))).toEqual([]);
    const plain = /^[a-z0-9]+(?:[.-][a-z0-9]+)*\.(?:ts|tsx|mjs)$/;
    const odd = sources.filter((path) => !plain.test(path.split("/").at(-1) ?? ""));
    expect(odd.filter((path) => !path.startsWith("services/console/"))).toEqual([]);
  });

  it("leaves nothing for later: no note to fix it, no test left out or run alone", () => {
    // Split, so that this file does not find itself.
    const notes = new RegExp("\\b(?:FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    const focused = new RegExp(
      "\\b(?:it|test|describe)\\.(?:on" + "ly|sk" + "ip|to" + "do)\\b|\\bf(?:it|describe)\\(",
    );
    const found = sources.flatMap((path) =>
      linesWhere(path, (line) => notes.test(line) || focused.test(line)),
    );
    expect(found).toEqual([]);
  });

  it("gives a reason for every rule that it suspends", () => {
    const suspended = new RegExp("eslint-" + "disable|@ts-(?:ignore|expect-error|nocheck)");
    const reasoned = new RegExp("(?:eslint-" + "disable[^\\n]*|@ts-expect-error) -- \\S.{9,}");
    const found = sources.flatMap((path) =>
      linesWhere(path, (line) => suspended.test(line) && !reasoned.test(line)),
    );
    expect(found.filter((line) => !line.startsWith("tests/tidy/ratchets.test.ts"))).toEqual([]);
  });

  it("exports by name", () => {
    const configuration = /\/(?:vite|vitest)[\w.]*\.config\.ts$/;
    const found = sources.filter(
      (path) => !configuration.test(path) && parse(path).statements.some(isDefaultExport),
    );
    expect(found).toEqual([]);
  });
});

describe("every file", () => {
  const texts = filesUnder(
    ".",
    /\.(?:ts|tsx|mjs|js|json|md|ya?ml|sh|html|css|svg|txt|npmrc)$|^(?:run|LICENSE|\.npmrc)$/,
  );

  it("is free of the paths and registries of the machine that it was written on", () => {
    expect(texts.length).toBeGreaterThan(200);
    const paths = new RegExp(
      "(?<![\\w.~/-])/(?:wo" +
        "rk|ro" +
        "ot|ho" +
        "me/[a-z]\\w*|Us" +
        "ers/\\w+)/|[A-Z]:\\\\Us" +
        "ers",
    );
    const registries = new RegExp("reg" + "istry\\.npm|npm" + "mirror", "i");
    const found = texts.flatMap((path) =>
      linesWhere(path, (line) => paths.test(line) || registries.test(line)),
    );
    expect(found).toEqual([]);
  });
});

describe("the licence", () => {
  it("is the Apache License 2.0, in the file and in every package.json", () => {
    expect(textOf("LICENSE")).toMatch(/Apache License\s+Version 2\.0, January 2004/);
    const others = filesUnder(".", /^package\.json$/).filter(
      (path) =>
        (JSON.parse(textOf(path)) as { readonly license?: string }).license !== "Apache-2.0",
    );
    expect(others).toEqual([]);
  });
});

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword) ?? false)
  );
}
