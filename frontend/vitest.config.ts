import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  test: {
    environment: "jsdom",
    include: ["{src,packages}/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    sequence: { shuffle: true },
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 15_000, // two shared cores; the tests themselves run on fake time
    coverage: {
      provider: "v8",
      include: ["{src,packages}/**/*.{ts,tsx}"],
      exclude: ["**/*.test.{ts,tsx}", "src/testing/**", "**/*.gen.ts", "src/main.tsx"],
      reporter: ["text", "json-summary"],
      thresholds: { "packages/client/src/**": { branches: 90, lines: 90 } },
    },
  },
});
