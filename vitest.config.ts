import { defineConfig } from "vitest/config";

// What `npm test` runs: everything that needs only Node. The other lanes have configs of their own.
export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "services/*/src/**/*.test.ts",
      "simulators/*/src/**/*.test.ts",
      "tests/{tidy,pipeline,conformance,properties,oracle}/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
