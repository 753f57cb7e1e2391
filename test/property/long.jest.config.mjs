import base from "../../jest.config.mjs";

// Ten times as many random cases as in an ordinary run; the variable may ask for another number.
process.env.PROPERTY_RUNS ??= "20000";

/** @type {import("jest").Config} */
export default {
  ...base,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/property/lifecycle.property.test.ts"],
  // Counting what is covered takes half as long again, and says nothing here.
  collectCoverage: false,
};
