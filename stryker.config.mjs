/** Breaks the core in every way that Stryker knows and counts what the unit tests notice: `npm run mutation`. */
export default {
  mutate: ["provider/core/**/*.ts"],
  testRunner: "jest",
  jest: { configFile: "test/mutation.jest.config.mjs" },
  coverageAnalysis: "perTest",
  // What is on the way in and out only: a copy of everything else is slow and not needed.
  ignorePatterns: ["dist", ".build", "docs", "examples"],
  tempDirName: ".build/mutation",
  reporters: ["clear-text", "progress-append-only", "json"],
  jsonReporter: { fileName: ".build/mutation.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  ignoreStatic: false,
  timeoutMS: 4_000,
  timeoutFactor: 2,
  thresholds: { high: 98, low: 97, break: 97 },
};
