/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
  globalSetup: "<rootDir>/test/support/globalSetup.ts",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2023", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/test/fixtures/"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.build/"],
  maxWorkers: 2,
  // Tells what ends from what hangs, for every test: one that starts processes may take long on a busy computer.
  testTimeout: 300_000,
  // With `npm test -- --coverage`. The plugin's processes are not counted, the units are.
  collectCoverageFrom: ["provider/**/*.ts"],
  coverageReporters: ["text-summary"],
};
