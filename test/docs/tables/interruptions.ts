import { ReplicaResyncError } from "../../../provider/core/errors";
import { vmId } from "../../support/builders";
import type { Call } from "../../support/callLog";
import { goodRun, type Timeline } from "../../support/fakeHost";
import { code, table } from "../markdown";
import { Rehearsal } from "../rehearsal";
import { deeds, ending } from "../wording";

interface Case {
  readonly end: "Ctrl-C" | "killed";
  readonly moment: string;
  readonly policy: "ifRequired" | "always";
  /** What the next `up` finds, and how many seconds later that is. */
  readonly finds: string;
  readonly pauseSeconds: number;
}

/** Whether to interrupt now, at a call that is about to reach the host or whose reply is on its way. */
type Moment = (call: Call, isReply: boolean, state: number | null | undefined) => boolean;

const beforeCall = "before the call";
const suspended = "VM suspended, before the call";
const inCall = "in the call, which reaches the host";
const waiting = "while it waits";

const moments: Readonly<Record<string, Moment>> = {
  [beforeCall]: (call, isReply) => !isReply && call.operation === "readResyncJobs",
  [suspended]: (call, isReply) => isReply && call.requestedState === 7,
  [inCall]: (call, isReply) => isReply && call.operation === "startResync",
  [waiting]: (call, isReply, state) => !isReply && call.operation === "readVms" && state === 10,
};

const runs = ["the resync running", 5] as const;
const justEnded = ["it ended, within 5 min", 120] as const;
const later = ["it ended, later", 3_600] as const;
const untouched = ["nothing has happened", 5] as const;

/** A resync of a minute, whose job is shown for five more. */
const cases: readonly Case[] = [
  one("Ctrl-C", beforeCall, "ifRequired", untouched),
  one("Ctrl-C", suspended, "always", untouched),
  one("Ctrl-C", inCall, "ifRequired", runs),
  one("Ctrl-C", waiting, "ifRequired", runs),
  one("Ctrl-C", waiting, "ifRequired", later),
  one("killed", beforeCall, "ifRequired", untouched),
  one("killed", suspended, "always", untouched),
  ...(["ifRequired", "always"] as const).flatMap((policy) => [
    one("killed", inCall, policy, runs),
    one("killed", waiting, policy, runs),
    one("killed", waiting, policy, justEnded),
    one("killed", waiting, policy, later),
  ]),
];

function one(
  end: Case["end"],
  moment: string,
  policy: Case["policy"],
  [finds, pauseSeconds]: readonly [string, number],
): Case {
  return { end, moment, policy, finds, pauseSeconds };
}

/** What is left of a new resource's run that was interrupted, and what the next one does about it. */
export async function interruptionsTable(): Promise<string> {
  const rows = cases.map(async (given) => {
    const timeline: Timeline = given.policy === "always" ? [[0, { state: 3 }]] : [];
    const rehearsal = new Rehearsal({
      script: { timeline, starts: [{ then: goodRun }] },
      inputs: { policy: given.policy, timeoutSeconds: 3_600 },
    });
    const saved = await interrupted(rehearsal, given);
    const before = rehearsal.host.machine(vmId).started;
    rehearsal.pass(given.pauseSeconds);
    const next = await rehearsal.up();
    const all = before + next.calls;
    return [
      given.end,
      given.moment,
      code(given.policy),
      saved,
      given.finds,
      `${deeds(next)}; ${ending(next)}`,
      all > 1 ? `**${all}**` : String(all),
    ];
  });
  const header = ["The run is", "When", "`policy`", "Saved", "The next `up` finds", "It does", "Calls in all"];
  return table(header, await Promise.all(rows));
}

async function interrupted(rehearsal: Rehearsal, { end, moment }: Case): Promise<string> {
  const { host } = rehearsal;
  const hasCome = moments[moment];
  let isOver = false;
  const came = await rehearsal.up(({ plugin, kill }) => {
    const at = async (call: Call, isReply: boolean): Promise<void> => {
      const { state } = host.machine(vmId).scene;
      if (isOver || hasCome?.(call, isReply, state) !== true) return;
      isOver = true;
      if (end === "Ctrl-C") {
        plugin.stop();
        if (moment === inCall) throw new ReplicaResyncError("SESSION_LOST", "the call was cut off");
        return;
      }
      kill();
      // A process that was killed never continues.
      await new Promise(() => undefined);
    };
    host.onCall = async (call) => at(call, false);
    host.onReply = async (call) => at(call, true);
  });
  return came.outputs === undefined ? "nothing" : code(String(came.outputs.outcome));
}
