import type { HostState, LinkState, ResyncRun } from "../../provider/simulator/model/hostState";
import type { MethodCalled, Reading } from "./chronicle";
import { ourLink } from "./hostEvents";

/** Types of the jobs that resynchronize a link. */
const resyncJobTypes: readonly number[] = [107, 121];

/** The link of a machine that resources are about; `undefined` while the machine is not on the host. */
export function linkOf({ machines }: HostState, machineId: string): LinkState | undefined {
  const machine = machines.find(({ id }) => id === machineId);
  return machine && ourLink(machine);
}

/** The raw state of a link, as it was shown. */
export function shownState({ host, sees }: Reading, machineId: string): number | undefined {
  return sees ? linkOf(host, machineId)?.state : undefined;
}

/** Whether the host showed a resync of this machine that is under way: by its link, or by a job. */
export function showsResync(links: Reading | undefined, jobs: Reading | undefined, machineId: string): boolean {
  if (links !== undefined && shownState(links, machineId) === 10) return true;
  return (
    jobs?.sees === true &&
    jobs.host.jobs.some(
      (job) =>
        job.machineId === machineId &&
        resyncJobTypes.includes(job.type) &&
        job.endedAtMs === null &&
        job.scheduledAtMs <= jobs.host.nowMs,
    )
  );
}

/** Whether the host took a resync on, whatever it answered, and however soon it ended. */
export function isTakenOn({ operation, returnValue, before, after, machineId }: MethodCalled): boolean {
  if (operation !== "Resynchronize") return false;
  if (returnValue === 0 || returnValue === 4096) return true;
  const known = new Set(before.jobs.map(({ id }) => id));
  if (after.jobs.some((job) => job.machineId === machineId && resyncJobTypes.includes(job.type) && !known.has(job.id)))
    return true;
  const runsAfter = runsOf(after, machineId);
  return runsAfter.length > 0 && JSON.stringify(runsAfter) !== JSON.stringify(runsOf(before, machineId));
}

/** How many resyncs the host shows as running. */
export function runningOn(host: HostState): number {
  return host.jobs.filter(
    (job) => resyncJobTypes.includes(job.type) && job.endedAtMs === null && job.scheduledAtMs <= host.nowMs,
  ).length;
}

function runsOf(host: HostState, machineId: string): ResyncRun[] {
  const link = linkOf(host, machineId);
  return link === undefined ? [] : [...(link.run === null ? [] : [link.run]), ...link.later];
}
