import { describe, expect, it } from "vitest";
import { consoleLane, seriousFaults, tile } from "./console-lane.ts";

const { open, shot } = consoleLane();

describe("the verdict on a space", () => {
  it("says in a word and a sentence that the chain is broken, and by which rule", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    const answer = page.locator(".verdict-answer");
    await answer.waitFor();
    expect(await answer.textContent()).toMatch(
      /^BrokenAir above \u221218 °C, 30 min allowed: proven for 1 h \d+ min\.$/,
    );
    expect(await page.locator(".rule.broken .rule-words").textContent()).toMatch(
      /Air above \u221218 °C.*30 min in a row.*GB\/T 24616-2019/,
    );
    expect(await page.locator(".rule .spent-bar").getAttribute("aria-label")).toMatch(
      /^1 h \d+ min proven, 1 h \d+ min possible, 30 min allowed$/,
    );
  });

  it("says why it cannot say, and for how long", async () => {
    const { page } = await open({ path: "/spaces/demo/tunnel-truck" });
    const answer = page.locator(".verdict-answer.unproven");
    await answer.waitFor();
    expect(await answer.textContent()).toMatch(/^无证据空气温度.*分钟没有读数，其间可能超限。$/);
  });

  it("is asked anew of the stretch that is chosen", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.locator(".verdict-answer").waitFor();
    const asked = page.waitForRequest(/verdict\?/);
    await page.locator(".verdict-panel").getByRole("button", { name: "30 d" }).click();
    const query = new URL((await asked).url()).searchParams;
    const span = Date.parse(query.get("to") ?? "") - Date.parse(query.get("from") ?? "");
    expect(span).toBe(30 * 86_400_000);
  });

  it("opens a gap on the curve", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.locator(".gap").first().click();
    await page.locator(".window-line").getByRole("button", { name: "Back" }).waitFor();
  });

  it("holds a profile's template against whoever has not confirmed it, until it is confirmed", async () => {
    const { page } = await open({ path: "/spaces/demo/vaccine-2", language: "en" });
    await page.getByRole("button", { name: "Confirm the numbers" }).click();
    await page.getByText("Confirmed by this organisation").waitFor();
    expect(await page.locator(".template").count()).toBe(0);
  });

  it("shows doors, defrosts and phases on the curve's own axis of time", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.locator(".marks.defrost").waitFor();
    expect(await page.locator(".marks.door .one-mark").count()).toBe(3);
    expect(await page.locator(".marks.defrost .one-mark").count()).toBe(3);
    expect(await page.locator(".marks.phase .one-mark").getAttribute("title")).toBe("loading");
  });

  it("tells what a probe's values are worth: accuracy, and a calibration that has lapsed", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.locator(".sensor-known").first().waitFor();
    const known = await page.locator(".sensor-known").allTextContents();
    expect(known[0]).toMatch(/^accurate to ±0\.3 K · calibrated until \d+ \w+ \d{4}$/);
    expect(known[1]).toBe("accuracy not stated");
    expect(known[2]).toMatch(/calibration lapsed on/);
  });

  it("names what late data put in the place of what", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.locator(".curve-panel").getByRole("button", { name: "7 d" }).click();
    await page.locator(".excursion-lineage").waitFor();
    expect(await page.locator(".excursion-lineage").textContent()).toMatch(/^In place of \d+/);
  });
});

describe("a space out of service", () => {
  it("is quiet on the board and says why", async () => {
    const { page } = await open();
    const quiet = page.locator(`${tile("tunnel-2")}.out-of-service`);
    await quiet.waitFor();
    expect(await quiet.textContent()).toMatch(/停用.*空库，换热器检修/);
  });

  it("foretells nothing on its page and marks since when", async () => {
    const { page } = await open({ path: "/spaces/demo/tunnel-2", language: "en" });
    await page.locator(".marks.service").waitFor();
    expect(await page.locator("#forecast-title").count()).toBe(0);
  });
});

describe("a forecast", () => {
  it("stands on the tile and on the page with its interval", async () => {
    const { page } = await open({ language: "en" });
    const text = await page.locator(`${tile("chill-4")} .tile-statement`).textContent();
    expect(text).toMatch(/^About \d+ min to 10 °C \(.+ to .+\)$/);
    await page.locator(tile("chill-4")).click();
    await page.locator(".forecast-likely").waitFor();
  });

  it("or the reason why there is none", async () => {
    const { page } = await open({ path: "/spaces/demo/room-1", language: "en" });
    await page.getByText("Steady: there is no trend towards a limit.").waitFor();
  });
});

describe("an alert", () => {
  const strip = (space: string) => `[data-alert-slot]:has(${tile(space)}) .tile-alert`;

  it("is acknowledged on the board by its button, and says by whom", async () => {
    const { page } = await open({ language: "en" });
    await page.getByRole("button", { name: /Acknowledge alert: 疫苗库/ }).click();
    await page.locator(`${strip("vaccine-2")}.taken`).waitFor();
    expect(await page.textContent(strip("vaccine-2"))).toMatch(/Acknowledged by admin, \d\d:\d\d/);
  });

  it("is acknowledged by key on the chosen tile only, and the focus stays there", async () => {
    const { page } = await open({ language: "en" });
    await page.waitForSelector(strip("freezer-3"));
    await page.keyboard.press("a");
    expect(await page.locator(".tile-alert.taken").count()).toBe(1);
    await page.locator(tile("freezer-3")).focus();
    await page.keyboard.press("a");
    await page.locator(`${strip("freezer-3")}.taken`).waitFor();
    expect(await page.locator(`${strip("vaccine-2")}.taken`).count()).toBe(0);
    const focused = await page.evaluate("document.activeElement.dataset.tile");
    expect(focused).toBe("demo/freezer-3");
  });

  it("stays open and says so when it could not be acknowledged", async () => {
    const { page, server } = await open({ language: "en" });
    server.refuseNext = true;
    await page.getByRole("button", { name: /Acknowledge alert: 疫苗库/ }).click();
    await page.getByText("Not acknowledged (UB_NOT_FOUND)").waitFor();
    await page.getByRole("button", { name: /Acknowledge alert: 疫苗库/ }).click();
    await page.locator(`${strip("vaccine-2")}.taken`).waitFor();
  });

  it("takes a note on the space's page, which all see", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.getByLabel("Note").fill("on my way, a minute");
    await page.getByRole("button", { name: /Acknowledge alert: 3号/ }).click();
    await page.locator(".alert-row.taken q").getByText("on my way, a minute").waitFor();
  });
});

const spaces = ["freezer-3", "vaccine-2", "silent-5", "tunnel-2"];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it.each(spaces)("the page of %s has no serious fault that axe knows", async (space) => {
    const { page } = await open({ path: `/spaces/demo/${space}`, theme });
    await page.locator(".verdict-answer").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await shot(page, `${space}-${theme}`);
  });
});

describe.each([320, 768, 1_440, 1_920])("at %i px", (width) => {
  it.each(["zh", "en"] as const)(
    "neither the board nor a space's page scrolls sideways: %s",
    async (language) => {
      const { page } = await open({ path: "/spaces/demo/freezer-3", language, width });
      await page.locator(".rule").first().waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
        width,
      );
      await page
        .getByRole("link", { name: language === "zh" ? "看板" : "Board" })
        .first()
        .click();
      await page.waitForSelector(tile("freezer-3"));
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
        width,
      );
    },
  );
});
