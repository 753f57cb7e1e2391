import type { NotShown, Observation } from "../../../provider/core/host/observation";
import type { Seen } from "../../../provider/core/wait/awaited";
import { judgeReading } from "../../../provider/core/wait/judgeReading";
import { firstDelayMs, longestDelayMs, nextDelay } from "../../../provider/core/host/backoff";
import { humanDuration } from "../../../provider/core/text/duration";
import { ReplicaResyncError } from "../../../provider/core/errors";
import { toRequest } from "../../../provider/lifecycle/toRequest";
import { inputDefaults } from "../../../provider/state/inputs";
import { awaited, job, observation, seen } from "../../support/builders";
import { startMs } from "../../support/fakeClock";
import { type Script } from "../../support/fakeHost";
import { code, table } from "../markdown";
import { Rehearsal } from "../rehearsal";

/** The times and numbers that concern an operator. Internal ones are measured in a run. */
export async function timesTable(): Promise<string> {
  const factor = nextDelay(firstDelayMs) / firstDelayMs;
  const { timeoutSeconds, stalledAfterSeconds } = inputDefaults;
  const required = observation({ replicationState: 9 });
  return table(
    ["What", "How much"],
    [
      [code("timeoutSeconds"), `${humanDuration(timeoutSeconds * 1_000)}, unless set`],
      [code("stalledAfterSeconds"), `${humanDuration(stalledAfterSeconds * 1_000)}, unless set`],
      [code("maxConcurrentResyncs"), `${toRequest({}, undefined).maxConcurrentResyncs} on a host at once, unless set`],
      ["pause between two readings", humanDuration(firstDelayMs)],
      ["every further pause", `${factor} times as long, at most ${humanDuration(longestDelayMs)}, plus or minus 10 %`],
      ["search for a resync after a lost reply, 32771 or 32772", inMinutes(await lostReply())],
      ["time for the host to show that it has suspended a VM", inMinutes(await suspension())],
      ["time for the host to show that it has cancelled", inMinutes(await cancel())],
      ["tolerance of a host that cannot be read while a request is queued", inMinutes(await queue())],
      ["difference of the clocks without a warning", `up to ${await skew()} min`],
      ["readings in state 3 for a good end", String(readingsUntilOver(observation({ replicationState: 3 }), trusted))],
      [
        "readings without the VM until it counts as gone",
        String(readingsUntilOver({ notShown: "vm", service: required.service }, trusted)),
      ],
      [
        "readings in state 9 without the job that ran, until it counts as lost",
        String(readingsUntilOver(required, withJob())),
      ],
    ],
  );
}

const trusted: Seen = seen({ isTrusted: true });

function withJob(): Seen {
  return judgeReading(observation({ jobs: [job()] }), awaited(), seen()).seen;
}

/** How often the same reading has to come before it counts as an end. */
function readingsUntilOver(same: Observation | NotShown, before: Seen): number {
  const { verdict, seen: now } = judgeReading(same, awaited(), before);
  return verdict.kind === "pending" ? 1 + readingsUntilOver(same, now) : 1;
}

/** The largest whole number of minutes by which the host's clock may be ahead without a warning. */
async function skew(): Promise<number> {
  for (let minutes = 1; ; minutes++) {
    const rehearsal = new Rehearsal({ script: { timeline: [[0, { state: 3 }]] } });
    rehearsal.host.skewMs = minutes * 60_000;
    const { outputs } = await rehearsal.up();
    if (!Array.isArray(outputs?.warnings) || outputs.warnings.length > 0) return minutes - 1;
  }
}

async function lostReply(): Promise<number> {
  return took({ starts: [{ reply: { returnCode: 32771 } }] }, {});
}

async function suspension(): Promise<number> {
  return took({ timeline: [[0, { state: 3 }]], changes: { 7: {} } }, { policy: "always" });
}

async function cancel(): Promise<number> {
  const timeoutSeconds = 3_600;
  const script: Script = { starts: [{ then: [[0, { state: 10, jobs: [{}] }]] }], changes: { 9: {} } };
  return (await took(script, { timeoutSeconds, onTimeout: "cancel" })) - timeoutSeconds;
}

async function queue(): Promise<number> {
  const rehearsal = new Rehearsal({});
  await rehearsal.up(() => {
    let readings = 0;
    rehearsal.host.onCall = ({ operation }) => {
      // The first is the look before the queue.
      if (operation === "readResyncJobs" && ++readings > 1)
        throw new ReplicaResyncError("UNREACHABLE", "the host does not answer");
    };
  });
  return secondsOf(rehearsal);
}

/** How many seconds of the host's time a run takes. */
async function took(script: Script, inputs: Readonly<Record<string, unknown>>): Promise<number> {
  const rehearsal = new Rehearsal({ script, inputs });
  await rehearsal.up();
  return secondsOf(rehearsal);
}

function secondsOf({ host }: Rehearsal): number {
  return (host.clock.now() - startMs) / 1_000;
}

/** Readings are some seconds apart: whole minutes are what can be said. */
function inMinutes(seconds: number): string {
  return `about ${humanDuration(Math.round(seconds / 60) * 60_000)}`;
}
