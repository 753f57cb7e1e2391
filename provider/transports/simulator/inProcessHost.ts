import type { z } from "zod";
import { nearest } from "../../core/nearest";
import type {
  CallOptions,
  JobReading,
  MethodReply,
  RelationshipReading,
  ReplicationHost,
  ServiceReading,
  VmReading,
  VmReplicationReading,
  VmSearch,
  VmSelector,
} from "../../core/ports";
import { resyncJobType, seededInitialReplicationJobType, type RelationshipKind } from "../../core/relationship";
import { linkInstanceId, machineRef } from "../../simulator/forDoors";
import { affectedRow, computerRow, jobRow, relationshipRow, serviceRow, settingRow, statisticsOutput } from "./cimRows";
import type { InProcessClient } from "./inProcessClient";
import { isMeant, jobOf, relationshipOf, vmsOf } from "./readings";

const resyncJobTypes: readonly number[] = [...Object.values(resyncJobType), seededInitialReplicationJobType];
const service = "Msvm_ReplicationService";
const nearestNamesShown = 3;
/** `ReplicationHealth` of a link that has reasons to give, and the state in which they are known: it is being healed. */
const ok = 1;
const resynchronizing = 10;

/** A simulated host in this process, in the words of the domain. */
export class InProcessHost implements ReplicationHost {
  constructor(
    readonly address: string,
    private readonly client: InProcessClient,
  ) {}

  async readService({ signal }: CallOptions): Promise<ServiceReading | undefined> {
    const { rows, at } = await this.client.enumerate(service, serviceRow, signal);
    const [row] = rows;
    return row === undefined ? undefined : { hostName: row.SystemName, hostTime: at };
  }

  async findVms(selector: VmSelector, { signal }: CallOptions): Promise<VmSearch> {
    const vms = await this.readVms(signal);
    const matches = vms.filter((vm) => isMeant(vm, selector));
    const names = matches.length > 0 || "vmId" in selector ? [] : vms.map(({ vmName }) => vmName);
    const nearestNames = "vmName" in selector ? nearest(selector.vmName, names, nearestNamesShown) : [];
    return { matches, visibleVms: vms.length, nearestNames };
  }

  async readReplication(
    vmIds: readonly string[],
    { signal }: CallOptions,
  ): Promise<ReadonlyMap<string, VmReplicationReading>> {
    const wanted = new Set(vmIds.map((vmId) => vmId.toLowerCase()));
    const vms = (await this.readVms(signal)).filter(({ vmId }) => wanted.has(vmId));
    const relationships = await this.client.enumerate("Msvm_ReplicationRelationship", relationshipRow, signal);
    const settings = await this.client.enumerate("Msvm_ReplicationSettingData", settingRow, signal);
    const readings = new Map<string, VmReplicationReading>();
    for (const vm of vms) {
      const links: RelationshipReading[] = [];
      for (const row of relationships.rows.filter(({ InstanceID }) => InstanceID.vmId === vm.vmId)) {
        const { kind } = row.InstanceID;
        const setting = settings.rows.find(({ InstanceID: id }) => id.vmId === vm.vmId && id.kind === kind);
        links.push(relationshipOf(row, setting, await this.readHealthReasons(vm.vmId, row, signal)));
      }
      readings.set(vm.vmId, { ...vm, relationships: links });
    }
    return readings;
  }

  async readResyncJobs({ signal }: CallOptions): Promise<readonly JobReading[]> {
    const jobs = await this.client.enumerate("Msvm_ConcreteJob", jobRow, signal);
    const affected = await this.client.enumerate("Msvm_AffectedJobElement", affectedRow, signal);
    const vmIdOf = new Map(
      affected.rows.map((row) => [row.AffectingElement.keys.InstanceID, row.AffectedElement.keys.Name]),
    );
    return jobs.rows.flatMap((row) => {
      const vmId = vmIdOf.get(row.InstanceID);
      return vmId === undefined || !resyncJobTypes.includes(row.JobType) ? [] : [jobOf(row, vmId)];
    });
  }

  async startResync(request: { vmId: string; startTime?: string }, { signal }: CallOptions): Promise<MethodReply> {
    const input = {
      ComputerSystem: machineRef(request.vmId),
      ...(request.startTime === undefined ? {} : { StartTime: { dateTime: request.startTime } }),
    };
    return this.client.change({ className: service, method: "Resynchronize", input }, signal);
  }

  async requestReplicationState(
    request: { vmId: string; kind: RelationshipKind; requestedState: 3 | 7 | 9 },
    { signal }: CallOptions,
  ): Promise<MethodReply> {
    const { vmId, kind, requestedState } = request;
    const input = {
      ReplicationRelationship: linkInstanceId(vmId, kind === "primary" ? 0 : 1),
      RequestedState: requestedState,
    };
    const method = "RequestReplicationStateChangeEx";
    return this.client.change({ className: "Msvm_ComputerSystem", method, target: machineRef(vmId), input }, signal);
  }

  async close(): Promise<void> {
    // Nothing is held between calls.
  }

  private async readVms(signal: AbortSignal): Promise<VmReading[]> {
    return vmsOf((await this.client.enumerate("Msvm_ComputerSystem", computerRow, signal)).rows);
  }

  /** One call for each link that is not well: left out where a wait would repeat it with every look. */
  private async readHealthReasons(
    vmId: string,
    { InstanceID: { kind }, ReplicationHealth, ReplicationState }: z.output<typeof relationshipRow>,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (ReplicationHealth <= ok || ReplicationState === resynchronizing) return [];
    const input = {
      ComputerSystem: machineRef(vmId),
      ReplicationRelationship: linkInstanceId(vmId, kind === "primary" ? 0 : 1),
    };
    const method = "GetReplicationStatisticsEx";
    const output = await this.client.ask({ className: service, method, input }, statisticsOutput, signal);
    return output?.ReplicationHealthIssues ?? [];
  }
}
