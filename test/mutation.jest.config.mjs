import config from "../jest.config.mjs";

/** The tests that the core is measured by: its own. */
export default {
  ...config,
  rootDir: "..",
  testMatch: ["<rootDir>/test/unit/core/**/*.test.ts"],
  collectCoverage: false,
};
