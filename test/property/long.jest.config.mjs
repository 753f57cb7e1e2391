import base from "../../jest.config.mjs";

// Forty times as many random cases as in an ordinary run, different ones every time; the variables can ask for others.
process.env.PROPERTY_RUNS ??= "20000";
process.env.PROPERTY_SEED ??= String(Date.now() % 0x7fff_ffff);

/** @type {import("jest").Config} */
export default {
  ...base,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/property/**/*.property.test.ts"],
  // Measuring coverage takes half as long again, and is of no use here.
  collectCoverage: false,
};
