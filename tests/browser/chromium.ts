import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";

/** Debian's Chromium, without anything that talks to the world. @throws with what to do where there is none. */
export async function launchChromium(): Promise<Browser> {
  if (!existsSync(EXECUTABLE))
    throw new Error(
      `the browser lane needs ${EXECUTABLE}: apt-get install chromium fonts-noto-cjk (Debian), or run it where it is`,
    );
  return await chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
