import { linkState } from "../platform";

/** What a host gives as the reasons of bad health (`ReplicationHealthIssues`), in English and in our own words. */
export function reasonsOf(state: number, machineName: string): string[] {
  const machine = `virtual machine "${machineName}"`;
  switch (state) {
    case linkState.required:
      return [`Resynchronization is required for ${machine}: changes to its disks are not tracked.`];
    case linkState.critical:
      return [`Replication of ${machine} stopped after an error and has to be resumed.`];
    case linkState.suspended:
      return [`Replication of ${machine} is paused.`];
    case linkState.resynchronizing:
      return [`Resynchronization of ${machine} is in progress.`];
    case linkState.resyncSuspended:
      return [`Resynchronization of ${machine} is paused.`];
    default:
      return [];
  }
}
