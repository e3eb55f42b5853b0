import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { definitions, definitionTexts } from "./definitions.ts";

it.each(["own", "senml"] as const)(
  "a reading decoded as %s names the hash of what decoded it",
  (format) => {
    const hash = createHash("sha256").update(definitionTexts[format]).digest("hex").slice(0, 16);
    expect(definitions[format]).toBe(`${format}/1@${hash}`);
  },
);
