import { describe, expect, it } from "vitest";
import { filesUnder, textOf } from "./repository.ts";
import { importsOf, namesUsed, parse } from "./source.ts";

const pure = ["units", "errors", "model", "detection", "devices"].map((name) => `packages/${name}`);

/** A clock, randomness, input or output, by any name that ECMAScript, browsers or Node give it. */
const impure = [
  "Date",
  "Intl",
  "Temporal",
  "performance",
  "process",
  "console",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "crypto",
  "fetch",
  "globalThis",
  "Math.random",
];

describe.each(pure)("%s is a function of its arguments", (folder) => {
  const files = filesUnder(`${folder}/src`, /\.ts$/).filter((path) => !path.endsWith(".test.ts"));

  it("and has sources to check", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it("so it names no clock, no randomness, no input and no output", () => {
    const found = files.flatMap((path) => {
      const names = namesUsed(parse(path));
      return impure.filter((name) => names.has(name)).map((name) => `${path}: ${name}`);
    });
    expect(found).toEqual([]);
  });

  it("so it imports nothing of Node", () => {
    const found = files.flatMap((path) =>
      importsOf(path).filter((specifier) => specifier.startsWith("node:")),
    );
    expect(found).toEqual([]);
  });

  it("so it compiles without the types of any platform", () => {
    const options = (
      JSON.parse(textOf(`${folder}/tsconfig.json`)) as {
        readonly compilerOptions?: { readonly types?: unknown; readonly lib?: unknown };
      }
    ).compilerOptions;
    const base = JSON.parse(textOf("tsconfig.base.json")) as {
      readonly compilerOptions: { readonly types: unknown; readonly lib: unknown };
    };
    expect(options?.types ?? base.compilerOptions.types).toEqual([]);
    expect(options?.lib ?? base.compilerOptions.lib).toEqual(["es2023"]);
  });
});
