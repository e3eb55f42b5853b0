import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { consoleLane, overflowing, seriousFaults, tile } from "./console-lane.ts";
import { TOKEN } from "./fixture-server.ts";

const { open, shot } = consoleLane();

describe("the board", () => {
  it("orders by urgency: broken, out, warming, unproven, calm", async () => {
    const { page } = await open();
    await page.waitForSelector(tile("freezer-3"));
    const classes = await page.evaluate<string[]>(
      `[...document.querySelectorAll("[data-tile]")].map((one) => one.className)`,
    );
    const order = ["broken", "out", "warming", "unproven", "in-range", "out-of-service"];
    const ranks = classes.map((name) => order.findIndex((one) => name.split(" ").includes(one)));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(ranks.length).toBe(67);
  });

  it("changes a tile when the feed says so, and moves it to its place", async () => {
    const { page, server: feed } = await open();
    await page.waitForSelector(tile("room-1"));
    const before = feed.spaceNow("room-1");
    if (before.worst === null) throw new Error("the room has readings");
    feed.change("room-1", {
      condition: "out",
      since: new Date(Date.now() - 1_000).toISOString(),
      worst: { ...before.worst, value_c: 11.26 },
    });
    await page.waitForSelector(`${tile("room-1")}.urgent.out`);
    expect(await page.textContent(`${tile("room-1")} .tile-now`)).toContain("11.3");
  });

  it("shows an opened excursion at once and says it to a screen reader once", async () => {
    const { page, server: feed } = await open();
    await page.waitForSelector(tile("room-2"));
    const excursion = feed.spaceNow("freezer-3").open[0];
    if (excursion === undefined) throw new Error("the freezer has an open excursion");
    const opened = {
      ...excursion,
      id: "room-2|high|high|1",
      space: "room-2",
      space_name: "二号库",
    };
    feed.openExcursion(opened);
    await page.waitForSelector(`${tile("room-2")}.broken`);
    feed.openExcursion(opened);
    feed.change("room-3", { name: "after it" });
    await page.locator(tile("room-3")).getByText("after it").waitFor();
    const said = await page.locator('[role="log"] p').allTextContents();
    expect(said).toEqual(["超温：二号库，过高"]);
  });

  it("says that the connection is lost and since when, and goes on by itself", async () => {
    const { page, server: feed } = await open();
    await page.waitForSelector(tile("freezer-3"));
    feed.cut("refuse");
    const banner = page.locator(".banner");
    await banner.waitFor();
    expect(await banner.textContent()).toMatch(/断开.*自 \d\d:\d\d:\d\d 起.*\d\d:\d\d:\d\d 的状态/);
    await shot(page, "board-disconnected");
    feed.accept();
    await banner.getByRole("button").click();
    await banner.waitFor({ state: "detached" });
  });

  it("filters as one types, counts what is left, and takes nothing found as no dead end", async () => {
    const { page } = await open({ language: "en" });
    await page.waitForSelector(tile("freezer-3"));
    await page.keyboard.press("/");
    await page.keyboard.type("疫苗 无锡");
    await expect.poll(() => page.locator("[data-tile]").count()).toBeLessThan(67);
    expect(await page.locator(".board-head [role=status]").textContent()).toMatch(
      /\d+ of 67 shown/,
    );
    await page.keyboard.type(" nothing like it");
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await expect.poll(() => page.locator("[data-tile]").count()).toBe(67);
  });

  it("is walked by keyboard: move, open, back, keys, wall", async () => {
    const { page } = await open({ language: "en" });
    await page.waitForSelector(tile("freezer-3"));
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    expect(await focusedTile(page)).toBe("demo/freezer-3");
    await page.keyboard.press("ArrowDown");
    expect(await focusedTile(page)).not.toBe("demo/freezer-3");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/spaces/demo/*");
    await page.keyboard.press("Escape");
    await page.waitForSelector(tile("freezer-3"));
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("w");
    await page.waitForSelector(".wall-tile");
  });

  it("with nothing on it says what to do, with commands to copy", async () => {
    const { page } = await open({ scenario: "empty", language: "en" });
    await page.getByRole("heading", { name: "No spaces yet" }).waitFor();
    const commands = await page.locator("pre").allTextContents();
    expect(commands[0]).toContain("npx unbroken device add --server http://127.0.0.1:");
    expect(commands[1]).toContain("-t unbroken/v1/demo/probe-1/up");
    await shot(page, "board-empty");
  });

  it("when all is well says so in one sentence", async () => {
    const { page } = await open({ scenario: "calm", language: "en" });
    await page.getByRole("heading", { name: "All 18 spaces in range" }).waitFor();
    await shot(page, "board-calm");
  });
});

async function focusedTile(page: Page): Promise<unknown> {
  return await page.evaluate("document.activeElement.dataset.tile");
}

describe("signing in", () => {
  it("refuses a wrong token in words, takes the right one, and signs out again", async () => {
    const { page } = await open({ signedIn: false, language: "en" });
    await page.getByLabel("Administrator token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The token is wrong").waitFor();
    await shot(page, "login");
    await page.getByLabel("Administrator token").fill(` ${TOKEN} `);
    await page.keyboard.press("Enter");
    await page.waitForSelector(tile("freezer-3"));
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Administrator token").waitFor();
  });
});

describe("the page of a space", () => {
  it("draws the curve, zooms by dragging and comes back by double click", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", width: 1440, height: 900 });
    const plot = page.locator(".u-over");
    await plot.waitFor();
    const box = await plot.boundingBox();
    if (box === null) throw new Error("the plot is on the page");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.8, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.95, y, { steps: 5 });
    await page.mouse.up();
    await page.getByRole("button", { name: "恢复" }).waitFor();
    await shot(page, "space-zoomed");
    await page.mouse.dblclick(box.x + box.width / 2, y);
    await page.getByRole("button", { name: "恢复" }).waitFor({ state: "detached" });
  });

  it("reads the curve by keyboard", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3" });
    await page.locator(".u-over").waitFor();
    await page.locator(".curve").focus();
    await page.keyboard.press("Home");
    const first = await page.textContent(".readout");
    await page.keyboard.press("End");
    await expect.poll(() => page.textContent(".readout")).not.toBe(first);
  });

  it("lists excursions with their revisions", async () => {
    const { page } = await open({ path: "/spaces/demo/freezer-3", language: "en" });
    await page.locator(".curve-panel").getByRole("button", { name: "7 d" }).click();
    await expect.poll(() => page.locator(".excursion").count()).toBe(2);
    await page.getByRole("button", { name: "revision 3" }).click();
    await expect.poll(() => page.locator(".revisions li").allTextContents()).toHaveLength(3);
    expect(await page.textContent(".revisions")).toContain("changed: since, peak_c");
  });

  it("that does not exist leads back", async () => {
    const { page } = await open({ path: "/spaces/demo/nowhere", language: "en" });
    await page.getByRole("heading", { name: "No such space" }).waitFor();
    await page.getByRole("link", { name: "Back to the board" }).click();
    await page.waitForSelector(tile("freezer-3"));
  });
});

describe("the quarantine", () => {
  it("shows code, device, reason and the raw message", async () => {
    const { page } = await open({ path: "/quarantine", language: "en" });
    const entry = page.locator(".entry").filter({ hasText: "UB_PAYLOAD_NOT_UTF8" });
    await entry.locator("summary").click();
    expect(await entry.locator("pre").textContent()).toBe("ff fe 00 41 11 cb 09");
    expect(await page.locator(".count-text").textContent()).toBe("5 messages");
  });
});

const pages = [
  ["board", "/", "[data-tile]"],
  ["space", "/spaces/demo/freezer-3", ".u-over"],
  ["quarantine", "/quarantine", ".entry"],
  ["wall", "/?wall", ".wall-tile"],
] as const;

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it.each(pages)("the %s has no serious fault that axe knows", async (name, path, ready) => {
    const { page } = await open({ path, theme });
    await page.waitForSelector(ready);
    expect(await seriousFaults(page)).toEqual([]);
    await shot(page, `${name}-${theme}`);
  });

  it("the login has no serious fault that axe knows", async () => {
    const { page } = await open({ signedIn: false, theme });
    await page.waitForSelector("#token");
    expect(await seriousFaults(page)).toEqual([]);
  });
});

describe.each(["zh", "en"] as const)("in the language %s", (language) => {
  it.each(pages.slice(0, 3))(
    "the %s fits a phone of 360 px without scrolling sideways",
    async (name, path, ready) => {
      const { page } = await open({ path, language, width: 360, height: 780 });
      await page.waitForSelector(ready);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await shot(page, `${name}-phone-${language}`);
    },
  );

  it.each([
    ["board", "/", "[data-tile]", 1_024],
    ["board", "/", "[data-tile]", 1_920],
    ["wall", "/?wall", ".wall-tile", 1_920],
  ] as const)(
    "no word of the %s runs over its tile: %s %s at %i px",
    async (_, path, ready, width) => {
      const { page } = await open({ path, language, width });
      await page.waitForSelector(ready);
      expect(await overflowing(page)).toEqual([]);
    },
  );
});
