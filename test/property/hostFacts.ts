import type { HostState, LinkState, ResyncRun } from "../../provider/simulator/model/hostState";
import type { MethodCalled, Reading } from "./chronicle";
import { roleLink } from "./hostEvents";

/** Types of the jobs that resynchronize a relationship. */
const resyncJobTypes: readonly number[] = [107, 121];

/** The relationship of a VM that resources are about; `undefined` while the VM is not on the host. */
export function linkOf({ machines }: HostState, machineId: string): LinkState | undefined {
  const machine = machines.find(({ id }) => id === machineId);
  return machine && roleLink(machine);
}

/** The raw state of a relationship, as it was shown. */
export function shownState({ host, sees }: Reading, machineId: string): number | undefined {
  return sees ? linkOf(host, machineId)?.state : undefined;
}

/** Whether the host showed a running resync of this VM: by its relationship, or by a job. */
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

/** Whether the host accepted a resync, whatever it answered, and however soon it ended. */
export function isAccepted({ operation, returnValue, before, after, machineId }: MethodCalled): boolean {
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
