import config from "../jest.config.mjs";

/** The tests that the core is measured by: everything that runs in one process and in a moment. */
export default {
  ...config,
  rootDir: "..",
  testMatch: ["<rootDir>/test/unit/core/**/*.test.ts", "<rootDir>/test/unit/lifecycle/**/*.test.ts"],
  collectCoverage: false,
};
