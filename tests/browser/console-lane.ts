import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium } from "./chromium.ts";
import { FixtureServer, type Scenario } from "./fixture-server.ts";

const dist = fileURLToPath(new URL("../../services/console/dist", import.meta.url));
const results = fileURLToPath(new URL("../../test-results/", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface View {
  readonly scenario?: Scenario;
  readonly width?: number;
  readonly height?: number;
  readonly language?: "zh" | "en";
  readonly theme?: "light" | "dark";
  readonly path?: string;
  readonly signedIn?: boolean;
}

export interface ConsoleLane {
  readonly open: (view?: View) => Promise<{ page: Page; server: FixtureServer }>;
  /** Kept in test-results, to be looked at. */
  readonly shot: (page: Page, name: string) => Promise<void>;
}

/** One browser for a file of tests, and a server of its own for each test. What the console logs as an error fails it. */
export function consoleLane(): ConsoleLane {
  let browser: Browser;
  let server: FixtureServer | undefined;
  let context: BrowserContext | undefined;
  let problems: string[] = [];

  beforeAll(async () => {
    if (!existsSync(`${dist}/index.html`))
      throw new Error("the console is not built: vite build services/console");
    mkdirSync(results, { recursive: true });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  afterEach(async () => {
    await context?.close();
    await server?.stop();
    context = undefined;
    server = undefined;
    // A refused style or script, or an exception, is a fault even where nobody sees it.
    const seen = problems.filter((text) => !/40[14]|WebSocket connection to/.test(text));
    problems = [];
    expect(seen).toEqual([]);
  });

  return {
    async open(view = {}) {
      const started = new FixtureServer(view.scenario ?? "busy", dist);
      server = started;
      const url = await started.start();
      context = await browser.newContext({
        viewport: { width: view.width ?? 1920, height: view.height ?? 1080 },
        locale: view.language === "en" ? "en-GB" : "zh-CN",
        timezoneId: "Asia/Shanghai",
        colorScheme: view.theme ?? "light",
        reducedMotion: "reduce",
      });
      if (view.signedIn !== false)
        await context.addCookies([{ name: "unbroken_session", value: "1", url }]);
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      await page.goto(url + (view.path ?? "/"));
      return { page, server: started };
    },
    async shot(page, name) {
      await page.evaluate("document.fonts.ready");
      await page.screenshot({ path: `${results}${name}.png` });
    },
  };
}

export const tile = (space: string) => `[data-tile="demo/${space}"]`;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const result = await page.evaluate<AxeResult>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""} ${nodes[0]?.failureSummary ?? ""}`);
}

/** Texts that are wider than their place and are not cut with an ellipsis on purpose, and tiles that overflow. */
export async function overflowing(page: Page): Promise<unknown> {
  return await page.evaluate(`[...document.querySelectorAll("[data-tile], [data-tile] *, .tile-alert, .tile-alert *, .chip, .headline, .button")]
    .filter((one) => !one.closest("svg, .bar, .visually-hidden"))
    .filter((one) => getComputedStyle(one).clipPath === "none")
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).textOverflow !== "ellipsis")
    .filter((one) => getComputedStyle(one).display !== "inline")
    .map((one) => one.className + ": " + one.textContent.slice(0, 60))`);
}
