import { defineConfig } from "vitest/config";

// Kills the real server and traces its system calls: needs strace, and minutes.
export default defineConfig({
  test: {
    include: ["tests/crash/**/*.crash.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
