// Writes the tables of docs/config.md, docs/metrics.md and docs/profiles.md out of what is built, so run it after
// `npm run build`: node_modules/.bin/node scripts/write-docs.mjs. Text above a table stays as it is.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Settings, settingPaths, variableOf } from "@unbroken/config";
import { builtInProfileRows } from "@unbroken/model";
import { createMetrics, metricNames } from "@unbroken/observability";
import prettier from "prettier";
import { z } from "zod";

const root = new URL("..", import.meta.url);

const schema = z.toJSONSchema(Settings, { io: "input" });
await writeTable("docs/config.md", [
  ["setting", "variable", "default", "meaning"],
  ...settingPaths().map(([section, name]) => {
    const entry = schema.properties[section].properties[name];
    const fallback = JSON.stringify(entry.default);
    return [
      `\`${section}.${name}\``,
      `\`${variableOf(section, name)}\``,
      `\`${fallback}\``,
      entry.description,
    ];
  }),
]);

await writeTable("docs/metrics.md", [
  ["metric", "kind", "meaning"],
  ...(await Promise.all(metricNames.map(metricRow))),
]);

await writeTable("docs/profiles.md", builtInProfileRows());

async function metricRow(name) {
  const metrics = createMetrics();
  for (const use of ["count", "set", "observe"])
    try {
      metrics[use](name, 1);
    } catch {
      // The name is of another kind; one of the three is right.
    }
  const [{ type, help }] = await metrics.snapshot();
  return [`\`${name}\``, type, help];
}

async function writeTable(page, rows) {
  const path = fileURLToPath(new URL(page, root));
  const text = readFileSync(path, "utf8").split("\n| ")[0];
  const [head, ...body] = rows;
  const lines = [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`);
  const options = { ...(await prettier.resolveConfig(path)), filepath: path };
  writeFileSync(path, await prettier.format(`${text.trimEnd()}\n\n${lines.join("\n")}\n`, options));
}
