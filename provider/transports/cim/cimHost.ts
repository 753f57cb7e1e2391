import { z } from "zod";
import { ReplicaResyncError } from "../../core/errors";
import { nearest } from "../../core/text/nearest";
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
} from "../../core/host/ports";
import { resyncJobType, seededInitialReplicationJobType, type RelationshipKind } from "../../core/hyperv/relationship";
import { resynchronizingState } from "../../core/hyperv/replicationState";
import type { CimClient, LinkRef, ReadClass } from "./cimClient";
import { isMeant, jobOf, relationshipOf, vmIdBehind, vmsOf } from "./readings";
import { affectedRow, computerRow, jobRow, relationshipRow, serviceRow, settingRow, statisticsOutput } from "./rows";

const resyncJobTypes: readonly number[] = [...Object.values(resyncJobType), seededInitialReplicationJobType];
const nearestNamesShown = 3;
/** `ReplicationHealth` of a healthy relationship. */
const healthOk = 1;

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

  async findVms(selector: VmSelector, { signal }: CallOptions): Promise<VmSearch> {
    const vms = await this.readVms(signal);
    const matches = vms.filter((vm) => isMeant(vm, selector));
    const names = matches.length > 0 || "vmId" in selector ? [] : vms.map(({ vmName }) => vmName);
    const nearestNames = "vmName" in selector ? nearest(selector.vmName, names, nearestNamesShown) : [];
    return { matches, visibleVms: vms.length, nearestNames };
  }

  async readReplication(
    vmIds: readonly string[],
    { signal, withoutHealthReasons = false }: CallOptions & { readonly withoutHealthReasons?: boolean },
  ): Promise<ReadonlyMap<string, VmReplicationReading>> {
    const wanted = new Set(vmIds.map((vmId) => vmId.toLowerCase()));
    const all = await this.client.readRows(
      ["Msvm_ComputerSystem", "Msvm_ReplicationRelationship", "Msvm_ReplicationSettingData"],
      signal,
    );
    const vms = vmsOf(this.rowsOf(all, "Msvm_ComputerSystem", computerRow));
    const relationships = this.rowsOf(all, "Msvm_ReplicationRelationship", relationshipRow);
    const settings = this.rowsOf(all, "Msvm_ReplicationSettingData", settingRow);
    const readings = new Map<string, VmReplicationReading>();
    for (const vm of vms.filter(({ vmId }) => wanted.has(vmId))) {
      const links: RelationshipReading[] = [];
      for (const row of relationships.filter(({ InstanceID }) => InstanceID.vmId === vm.vmId)) {
        const { kind } = row.InstanceID;
        const setting = settings.find(({ InstanceID: id }) => id.vmId === vm.vmId && id.kind === kind);
        const reasons = !hasReasons(row)
          ? []
          : withoutHealthReasons
            ? undefined
            : await this.readHealthReasons({ vmId: vm.vmId, kind }, signal);
        links.push(relationshipOf(row, setting, reasons));
      }
      readings.set(vm.vmId, { ...vm, relationships: links });
    }
    return readings;
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

  private async readVms(signal: AbortSignal): Promise<VmReading[]> {
    return vmsOf(
      this.rowsOf(await this.client.readRows(["Msvm_ComputerSystem"], signal), "Msvm_ComputerSystem", computerRow),
    );
  }

  /** One call for each relationship that is not healthy. */
  private async readHealthReasons(link: LinkRef, signal: AbortSignal): Promise<readonly string[]> {
    const output = await this.client.readStatistics(link, signal);
    if (output === undefined) return [];
    return this.parse(output, statisticsOutput, "GetReplicationStatisticsEx").ReplicationHealthIssues;
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

/** Whether there is something to ask for: a relationship that is being resynchronized has given its reasons before. */
function hasReasons({ ReplicationHealth, ReplicationState }: z.output<typeof relationshipRow>): boolean {
  return ReplicationHealth > healthOk && ReplicationState !== resynchronizingState;
}
