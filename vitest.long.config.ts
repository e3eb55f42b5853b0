import { defineConfig } from "vitest/config";

// The campaigns: the same laws over many more histories, and many more kills. Some tens of minutes.
export default defineConfig({
  test: {
    include: [
      "packages/detection/src/**/*.property.test.ts",
      "tests/{oracle,properties}/**/*.test.ts",
      "tests/pipeline/{order,rebuild}.test.ts",
      "tests/crash/kill.crash.test.ts",
    ],
    env: {
      UB_CASES: "20000",
      UB_HISTORIES: "100000",
      UB_ORDER_RUNS: "3000",
      UB_KILL_ROUNDS: "200",
    },
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
