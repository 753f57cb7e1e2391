import type { LifecycleContext } from "../../../provider/lifecycle/context";
import * as lifecycle from "../../support/verbs";
import { toOutputs } from "../../../provider/state/outputs";
import { record, vmId } from "../../support/builders";
import type { CallLog } from "../../support/callLog";
import { goodRun } from "../../support/fakeHost";
import { inputs, plugin } from "../../support/fakeStack";
import { code, table } from "../markdown";
import { Rehearsal } from "../rehearsal";

const done = record({ outcome: "completed", replicationState: 3 });
const before = toOutputs(inputs(), done);

interface Case {
  readonly title: string;
  readonly run: (rehearsal: Rehearsal, context: LifecycleContext) => unknown;
  /** Whether there is a resource that has ended well. */
  readonly isNew?: boolean;
}

const cases: readonly Case[] = [
  { title: "`preview`, new resource", isNew: true, run: (_, context) => lifecycle.check({}, inputs(), context) },
  {
    title: "`preview`, known resource",
    run: (_, context) => lifecycle.diff(vmId, before, inputs({ triggers: ["new"] }), context),
  },
  { title: "`up`, new resource", isNew: true, run: (one) => one.up() },
  { title: "`up`, nothing changed", run: (one) => one.up() },
  { title: "`up`, new `triggers`", run: (one) => one.up(undefined, { triggers: ["new"] }) },
  { title: "`up`, `triggers` removed, or other settings", run: (one) => one.up(undefined, { timeoutSeconds: 60 }) },
  {
    title: "`up`, another host in `connection`",
    run: (one) => one.up(undefined, { connection: { scenario: "other.json" } }),
  },
  {
    title: "`up --refresh`, state 9 found",
    run: async (one) => {
      await one.refresh();
      await one.up();
    },
  },
  { title: "`refresh`", run: (one) => one.refresh() },
  {
    title: "`destroy`",
    run: (_, context) => {
      lifecycle.forget(vmId, before, context);
    },
  },
];

/** Every command with what it asks of a host whose VM is in state 9. */
export async function verbsTable(): Promise<string> {
  const rows = cases.map(async ({ title, run, isNew = false }) => {
    const script = { starts: [{ then: goodRun }] };
    const rehearsal = new Rehearsal({ script, ...(!isNew && { stored: done }) });
    await run(rehearsal, plugin(rehearsal.host).context);
    return [title, ...contactWith(rehearsal.host.log)];
  });
  return table(["Command", "Reads the host", `Calls ${code("Resynchronize")}`], await Promise.all(rows));
}

function contactWith({ calls, starts }: CallLog): readonly [string, string] {
  return [calls.length > starts ? "yes" : "no", starts === 0 ? "never" : starts === 1 ? "once" : `${starts} times`];
}
