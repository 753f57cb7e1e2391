import type { Engine } from "../engine/driver/engineDriver";
import { engines } from "./engines";
import { Sandbox } from "./sandbox";

type Scenario = Parameters<typeof Sandbox.open>[1];

/** One test, on every engine; reported as skipped where an engine is not installed. */
export function onEveryEngine(
  title: string,
  scenario: Scenario | (() => Scenario),
  test: (sandbox: Sandbox, engine: Engine) => Promise<void>,
): void {
  for (const engine of engines()) {
    const run = engine.isAvailable ? it : it.skip;
    run(`${title} (${engine.name})`, async () => {
      const sandbox = await Sandbox.open(engine, typeof scenario === "function" ? scenario() : scenario);
      try {
        await test(sandbox, engine);
      } finally {
        await sandbox.dispose();
      }
    });
  }
}
