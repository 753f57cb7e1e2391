import { onEveryEngine } from "../support/onEveryEngine";
import { hostInState9 } from "../support/sandbox";

/** Tells "ends" from "hangs"; the aim is a second. */
const boundSeconds = 60;

onEveryEngine(
  "an interrupted wait ends soon, with its state saved, and says how to continue",
  hostInState9({ seconds: 86_000 }, 1),
  async (sandbox) => {
    sandbox.register({ name: "web01", args: { vm: "web01" } });
    const run = sandbox.start("up");
    await run.waitForLine(/resynchronizing \d+ %|waiting for the resynchronization to begin/);
    const at = performance.now();
    run.interrupt();
    const { exitCode, output } = await run.result;
    const seconds = (performance.now() - at) / 1_000;
    process.stdout.write(`an interrupted up ended ${seconds.toFixed(2)} s after the signal\n`);

    expect(exitCode).not.toBe(0);
    expect(seconds).toBeLessThan(boundSeconds);
    expect(output).toMatch(/stopped waiting .*; job \S+ keeps running on the host.*Run up again to keep waiting/s);
    expect(await sandbox.outputs("web01")).toMatchObject({ outcome: "started", request: { attempts: 1 } });
    expect((await sandbox.resource("web01"))?.initErrors?.join()).toContain("stopped waiting");
  },
);
