import config from "../jest.config.mjs";

/** The tests that the core is measured by: its own, and those of the verbs that call it. */
export default {
  ...config,
  rootDir: "..",
  testMatch: ["<rootDir>/test/unit/core/**/*.test.ts", "<rootDir>/test/unit/lifecycle/**/*.test.ts"],
  // Thousands of runs in one file: nothing is left for it to find, and every mutant would wait for it.
  testPathIgnorePatterns: [...config.testPathIgnorePatterns, "/exactlyOnce.test.ts"],
  collectCoverage: false,
  // Nothing here starts a process.
  globalSetup: undefined,
};
