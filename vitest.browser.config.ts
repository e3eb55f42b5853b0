import { defineConfig } from "vitest/config";

// The browser lane: Debian's Chromium against the built console. It fails, and says why, where there is no Chromium.
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.browser.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
