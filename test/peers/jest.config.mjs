import { readdirSync, readFileSync } from "node:fs";
import base from "../../jest.config.mjs";

// Read by test/peers/runner/isPeersRun.ts, in the processes of this run.
process.env.HYPERV_REPLICA_TEST_PEERS = "true";

/** The tests of the plugin that run on every engine: in this run on the CLI. */
const plugin = new URL("../plugin/", import.meta.url);
const onEveryEngine = readdirSync(plugin)
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => /\b(?:onEveryEngine|testEndings)\(/.test(readFileSync(new URL(name, plugin), "utf8")));

/**
 * Everything that is held against software that this project did not write; `npm run test:peers`.
 *
 * @type {import("jest").Config}
 */
export default {
  ...base,
  rootDir: "../..",
  // Several programs are started for each test; a timeout only tells what hangs.
  testTimeout: 900_000,
  testMatch: [
    "<rootDir>/test/peers/**/*.test.ts",
    "<rootDir>/test/contract/realPowerShell.test.ts",
    "<rootDir>/test/engine/driver/engineDriver.test.ts",
    ...onEveryEngine.map((name) => `<rootDir>/test/plugin/${name}`),
  ],
  // The unit tests of this run's own table.
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, "<rootDir>/test/peers/runner/"],
};
