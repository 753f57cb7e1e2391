import type { Engine, EngineRun } from "../engine/driver/engineDriver";
import { onEveryEngine } from "../support/onEveryEngine";
import { killAndRunAgain, type Lines, measureLines } from "./killAndRunAgain";
import { expectedEnd, type Fate, type Kill, type Request } from "./killedResource";

const waysToDie = {
  "the plugin is killed": async (run: EngineRun) => {
    process.kill(await run.pluginPid(), "SIGKILL");
  },
  "the engine is killed": async (run: EngineRun) => {
    const plugin = await run.pluginPid();
    run.kill();
    process.kill(plugin, "SIGKILL");
  },
} satisfies Record<string, (run: EngineRun) => Promise<void>>;

/** Undisturbed runs are the same however the later ones are killed: measured once for each engine. */
const measured = new Map<Engine["name"], ReturnType<typeof measureLines>>();

for (const [way, kill] of Object.entries(waysToDie)) {
  onEveryEngine(
    `${way} after any line of a run's journal: one call for each request, none left suspended`,
    { name: "HV00" },
    async (sandbox, engine) => {
      const measuring = measured.get(engine.name) ?? measureLines(engine);
      measured.set(engine.name, measuring);
      const plan = [...(await measuring)].flatMap(([request, lines]) =>
        killsOf(request, lines).map((one) => ({ one, end: expectedEnd(one, lines.call) })),
      );
      const kills = plan.map(({ one }) => one);
      expect(await killAndRunAgain(sandbox, kills, kill)).toEqual({ exitCode: 0, ends: plan.map(({ end }) => end) });
    },
  );
}

/** A kill after every line of a whole run, and for a resync that lasts after as many lines as two readings have. */
function killsOf(request: Request, { call, last }: Lines): readonly Kill[] {
  const after = (fate: Fate, ...lines: readonly number[]): readonly Kill[] =>
    lines.map((line) => ({ request, line, fate }));
  const from = (first: number): readonly number[] =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return [
    ...after("over with the call", ...from(1)),
    ...after("still running", ...from(call)),
    // Nothing of the run is left then, whichever line was its last.
    ...after("over", call, call + 1, last),
    // For a forced one the gap is the same when the host has forgotten as well.
    ...(request === "forced create" ? [] : after("over and forgotten", call, last)),
  ];
}
