import { defineConfig } from "vitest/config";

const RULES = ["test/core/**/*.test.ts", "test/config/**/*.test.ts", "test/report/**/*.test.ts"];
/** Measures memory, which needs a process of its own. */
const MEASURED = ["test/core/log-interval.test.ts"];
/** Real services in real time, which need the machine for themselves. */
const TIMED = ["test/demo/run.test.ts"];
const OTHERS = RULES.map((glob) => glob.replace("*.test.ts", "!(log-interval).test.ts"));

export default defineConfig({
  test: {
    projects: [
      // Pure code keeps nothing between files, so they share one world and are loaded once.
      { extends: true, test: { name: "rules", include: RULES, exclude: MEASURED, isolate: false } },
      // Stand-ins keep nothing between files either; what talks to them is loaded once.
      {
        extends: true,
        test: {
          name: "worlds",
          include: ["test/**/*.test.ts"],
          exclude: [...OTHERS, ...TIMED],
          isolate: false,
        },
      },
      { extends: true, test: { name: "timed", include: TIMED, sequence: { groupOrder: 1 } } },
    ],
    setupFiles: ["test/property-seed.ts"],
    // Two cores are what a small CI machine has; a third worker uses what the others wait for.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "html"],
    },
  },
});
