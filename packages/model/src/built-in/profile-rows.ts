import { builtInProfiles } from "../built-in-profiles.ts";
import { ProfileDocument } from "../profile.ts";
import { ruleInWords } from "../rule-in-words.ts";

/** The table of docs/profiles.md: a heading, then a row for each profile that comes with Unbroken. */
export function builtInProfileRows(): readonly (readonly string[])[] {
  return [
    ["id", "for", "中文", "rules", "reading each", "source, edition", "confidence"],
    ...builtInProfiles.map((stated) => {
      const { id, title, title_zh, rules, cadence, source, edition, confidence, product } =
        ProfileDocument.parse(stated);
      const model = product?.spoilage?.model;
      return [
        `\`${id}\``,
        title ?? "",
        title_zh ?? "",
        [...rules.map(ruleInWords), ...(model === undefined ? [] : [`ages: ${model}`])].join(
          "<br>",
        ),
        cadence,
        [source, edition].filter((part) => part !== undefined).join("; "),
        confidence ?? "",
      ].map((cell) => cell.replaceAll("|", "\\|"));
    }),
  ];
}
