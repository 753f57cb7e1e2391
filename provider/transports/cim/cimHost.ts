import { z } from "zod";
import { ReplicaResyncError } from "../../core/errors";
import type {
  CallOptions,
  JobReading,
  MethodReply,
  ReplicationHost,
  ServiceReading,
  VmReplicationReading,
} from "../../core/host/ports";
import { resyncJobType, seededInitialReplicationJobType, type RelationshipKind } from "../../core/hyperv/relationship";
import type { CimClient, LinkRef, ReadClass } from "./cimClient";
import { jobOf, relationshipOf, vmIdBehind, vmsOf } from "./readings";
import { affectedRow, computerRow, jobRow, relationshipRow, serviceRow, settingRow, statisticsOutput } from "./rows";

const resyncJobTypes: readonly number[] = [...Object.values(resyncJobType), seededInitialReplicationJobType];
/** What a VM and its relationships are read from. */
const vmClasses = ["Msvm_ComputerSystem", "Msvm_ReplicationRelationship", "Msvm_ReplicationSettingData"] as const;

/** A host in domain terms, whichever transport carries its CIM calls. */
export class CimHost implements ReplicationHost {
  readonly address: string;

  constructor(private readonly client: CimClient) {
    this.address = client.address;
  }

  async readService({ signal }: CallOptions): Promise<ServiceReading | undefined> {
    const { rows, at } = await this.client.readService(signal);
    const [row] = this.parseAll(rows, serviceRow, "Msvm_ReplicationService");
    return row === undefined ? undefined : { hostName: row.SystemName, hostTime: at };
  }

  async readVms({ signal }: CallOptions): Promise<ReadonlyMap<string, VmReplicationReading>> {
    return this.vmsIn(await this.client.readRows(vmClasses, signal));
  }

  async readVm(vmId: string, { signal }: CallOptions): Promise<VmReplicationReading | undefined> {
    return this.vmsIn(await this.client.readRows(vmClasses, signal, vmId)).get(vmId);
  }

  /** One call for each relationship that is not well. */
  async readHealthReasons(link: LinkRef, { signal }: CallOptions): Promise<readonly string[]> {
    const output = await this.client.readStatistics(link, signal);
    if (output === undefined) return [];
    return this.parse(output, statisticsOutput, "GetReplicationStatisticsEx").ReplicationHealthIssues;
  }

  async readResyncJobs({ signal }: CallOptions): Promise<readonly JobReading[]> {
    const all = await this.client.readRows(["Msvm_ConcreteJob", "Msvm_AffectedJobElement"], signal);
    const jobs = this.rowsOf(all, "Msvm_ConcreteJob", jobRow);
    const affected = this.rowsOf(all, "Msvm_AffectedJobElement", affectedRow);
    const vmIdOf = new Map(
      affected.flatMap(({ AffectedElement, AffectingElement }) => {
        const vmId = vmIdBehind(AffectedElement);
        return vmId === undefined ? [] : [[AffectingElement.keys.InstanceID, vmId] as const];
      }),
    );
    return jobs.flatMap((row) => {
      const vmId = vmIdOf.get(row.InstanceID);
      return vmId === undefined || !resyncJobTypes.includes(row.JobType) ? [] : [jobOf(row, vmId)];
    });
  }

  async startResync(request: { vmId: string; startTime?: string }, { signal }: CallOptions): Promise<MethodReply> {
    return this.client.resynchronize(request, signal);
  }

  async requestReplicationState(
    request: { vmId: string; kind: RelationshipKind; requestedState: 3 | 7 | 9 },
    { signal }: CallOptions,
  ): Promise<MethodReply> {
    return this.client.requestStateChange(request, signal);
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private vmsIn(all: ReadonlyMap<ReadClass, readonly unknown[]>): Map<string, VmReplicationReading> {
    const vms = vmsOf(this.rowsOf(all, "Msvm_ComputerSystem", computerRow));
    const relationships = Map.groupBy(
      this.rowsOf(all, "Msvm_ReplicationRelationship", relationshipRow),
      ({ InstanceID }) => InstanceID.vmId,
    );
    const settings = new Map(
      this.rowsOf(all, "Msvm_ReplicationSettingData", settingRow).map((row) => [keyOf(row.InstanceID), row]),
    );
    return new Map(
      vms.map((vm) => {
        const rows = relationships.get(vm.vmId) ?? [];
        const links = rows.map((row) => relationshipOf(row, settings.get(keyOf(row.InstanceID))));
        return [vm.vmId, { ...vm, relationships: links }];
      }),
    );
  }

  private rowsOf<Row extends z.ZodType>(
    all: ReadonlyMap<ReadClass, readonly unknown[]>,
    className: ReadClass,
    row: Row,
  ): z.output<Row>[] {
    const rows = all.get(className);
    if (rows !== undefined) return this.parseAll(rows, row, className);
    throw new ReplicaResyncError("BAD_REPLY", `the response of the host has no ${className}`, {
      context: { host: this.address },
    });
  }

  private parseAll<Row extends z.ZodType>(rows: readonly unknown[], row: Row, what: string): z.output<Row>[] {
    return rows.map((one) => this.parse(one, row, what));
  }

  private parse<Shape extends z.ZodType>(value: unknown, shape: Shape, what: string): z.output<Shape> {
    const checked = shape.safeParse(value);
    if (checked.success) return checked.data;
    throw new ReplicaResyncError("BAD_REPLY", `unexpected response for ${what}: ${z.prettifyError(checked.error)}`, {
      context: { host: this.address },
      cause: checked.error,
    });
  }
}

function keyOf({ vmId, kind }: LinkRef): string {
  return `${vmId} ${kind}`;
}
