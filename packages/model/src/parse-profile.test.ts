import { describe, expect, it } from "vitest";
import { ProfileDocument, parseProfile } from "./index.ts";

const rule = { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" };
const mkt = { id: "mkt", quantity: "mkt", cmp: "gt", limit: 8, mode: "window", scope: "PT24H" };

describe("a profile that does not follow the rule language is refused, and the field is named", () => {
  it.each([
    [
      "/rules/1/mode",
      { rules: [rule, { ...rule, id: "b", mode: "sometimes" }] },
      /instant, consecutive, cumulative, window/,
    ],
    [
      "/rules/0/mode",
      { rules: [{ ...rule, mode: undefined }] },
      /instant, consecutive, cumulative, window/,
    ],
    ["/rules/0/hold", { rules: [{ ...rule, hold: "PT0S" }] }, /more than 0/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: 60 }] }, /string/],
    ["/rules/0/hold", { rules: [{ ...rule, hold: "an hour" }] }, /ISO 8601/],
    ["/cadence", { cadence: "5", rules: [rule] }, /ISO 8601/],
    ["/rules/0/scope", { rules: [{ ...mkt, scope: "P2Y" }] }, /ISO 8601/],
    ["/rules/0/quantity", { rules: [{ ...mkt, quantity: "air" }] }, /mkt/],
    ["/rules/0/cmp", { rules: [{ ...mkt, cmp: "lt" }] }, /gt/],
    ["/rules/0", { rules: [{ ...mkt, hold: "PT1H" }] }, /hold/],
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

  it("rules on an interval as a whole are read here, and refused where live data is judged", () => {
    const rules = [mkt, { ...rule, mode: "cumulative" }];
    expect(parseProfile({ id: "p", rules }, "hash")).toMatchObject({
      ok: true,
      profile: {
        rules: [
          { mode: "window", scope: 86_400_000, limit: 8_000, hold: 0, side: "high" },
          { mode: "cumulative", hold: 3_600_000 },
        ],
      },
    });
    expect(ProfileDocument.safeParse({ id: "p", rules }).success).toBe(false);
  });
});
