/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
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
  // Longest first is jest's own order after a first run; the plugin's processes are not counted, the units are.
  collectCoverage: true,
  collectCoverageFrom: ["provider/**/*.ts"],
  coverageReporters: ["text-summary"],
};
