import { linkNumber, type LinkRef, type ReadClass } from "./cimClient";

/** Rows of a class by their key. */
export interface RowKeys {
  readonly property: "Name" | "InstanceID";
  readonly values: readonly string[];
}

/**
 * The keys of the rows that belong to one VM, as hosts write them; `undefined` for a class that is read whole. `vmId` is a
 * GUID. Source: keys of `Msvm_ComputerSystem`, `Msvm_ReplicationRelationship` and `Msvm_ReplicationSettingData`,
 * learn.microsoft.com.
 */
export function vmKeys(className: ReadClass, vmId: string): RowKeys | undefined {
  switch (className) {
    case "Msvm_ComputerSystem":
      return { property: "Name", values: [vmId.toUpperCase()] };
    case "Msvm_ReplicationRelationship":
    case "Msvm_ReplicationSettingData":
      return {
        property: "InstanceID",
        values: (["primary", "extended"] as const).map((kind) => relationshipId({ vmId, kind })),
      };
    case "Msvm_ConcreteJob":
    case "Msvm_AffectedJobElement":
      return undefined;
    default:
      return className satisfies never;
  }
}

/** The key of a replication relationship. Source: `Msvm_ReplicationRelationship.InstanceID`, learn.microsoft.com. */
export function relationshipId({ vmId, kind }: LinkRef): string {
  return `Microsoft:${vmId.toUpperCase()}\\HVR\\${linkNumber[kind]}`;
}
