import { describe, expect, it } from "vitest";
import { parseProfile } from "./index.ts";

const rule = { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" };

describe("a profile that does not follow the rule language is refused, and the field is named", () => {
  it.each([
    [
      "/rules/1/mode",
      { rules: [rule, { ...rule, id: "b", mode: "sometimes" }] },
      /instant, consecutive/,
    ],
    ["/rules/0/mode", { rules: [{ ...rule, mode: undefined }] }, /instant, consecutive/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: "PT0S" }] }, /more than 0/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: 60 }] }, /string/],
    ["/rules/0/limit", { rules: [{ ...rule, limit: -300 }] }, /-273.15/],
    ["/rules", { rules: [rule, rule] }, /each id once/],
    ["/cadence", { cadence: "PT0S", rules: [rule] }, /PT1S/],
    ["/id", { id: "a b", rules: [rule] }, /profile/],
    ["", { rules: [rule], limits: [] }, /limits/],
  ])("%s", (pointer, fields, message) => {
    const parsed = parseProfile({ id: "p", ...fields }, "hash");
    expect(parsed).toMatchObject({ ok: false, problems: [{ pointer }] });
    if (!parsed.ok) expect(parsed.problems[0]?.message).toMatch(message);
  });

  it("a profile at its least is read, with its defaults stated", () => {
    const parsed = parseProfile({ id: "fridge", rules: [rule] }, "hash");
    expect(parsed).toMatchObject({
      ok: true,
      profile: {
        hash: "hash",
        cadence: 300_000,
        gap: 750_000,
        rules: [{ limit: 8_000, hold: 3_600_000 }],
      },
    });
  });
});
