import { describe, expect, it } from "vitest";
import { PLACE, parcelOf, warmAlert } from "../testing/parcels.ts";
import { minute } from "../testing/alert-story.ts";

describe("the first line of a message", () => {
  it.each([
    [
      "zh",
      "opened",
      "【紧急】冷库 3（浦东）：超温（偏高），自 5月5日 08:00，最高 9.5 °C（限值 8 °C）",
    ],
    [
      "en",
      "opened",
      "[URGENT] 冷库 3, 浦东: too warm, since 5 May, 08:00, max 9.5 °C (limit 8 °C)",
    ],
    [
      "en",
      "over",
      "[notice] 冷库 3, 浦东: over: too warm, since 5 May, 08:00, max 9.5 °C (limit 8 °C)",
    ],
    [
      "zh",
      "retracted",
      "【提示】冷库 3（浦东）：已撤销（补传数据表明并未发生）：超温（偏高），自 5月5日 08:00，最高 9.5 °C（限值 8 °C）",
    ],
  ] as const)("in %s, %s, says place, what, since and worst value", (language, kind, line) => {
    expect(parcelOf({ language, kind }).message.headline).toBe(line);
  });

  it("is one line, whatever people called their room", () => {
    const place = { ...PLACE, space: "Room 3\r\nBcc: everybody@example.com\u2028x\u0000" };
    const { headline } = parcelOf({ place }).message;
    expect(headline).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  });
});

describe("the page of a message", () => {
  it("shows names as text, never as markup", () => {
    const place = { ...PLACE, space: '<img src=x onerror="alert(1)">&' };
    const { html } = parcelOf({ place }).message;
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;");
  });

  it("holds the link to acknowledge while there is something to acknowledge", () => {
    const { html, text } = parcelOf().message;
    for (const each of [html, text]) expect(each).toContain("https://cold.example/acknowledge/");
  });
});

describe("the figures of a message", () => {
  it("are those of the sensor and rule that are furthest beyond their limit", () => {
    const alert = warmAlert();
    const [member] = alert.members;
    if (member === undefined) throw new Error("the alert is about something");
    const members = [
      member,
      { ...member, id: "excursion:b", limit: 15_000, peak: 16_000, sensor: "d2/main" },
      { ...member, id: "excursion:c", peak: 99_000, state: "retracted" as const },
    ];
    const { data } = parcelOf({ alert: { ...alert, members, until: minute(30) } }).message;
    expect(data).toMatchObject({ peak: 9.5, limit: 8, sensors: ["d1/main", "d2/main"] });
  });
});
