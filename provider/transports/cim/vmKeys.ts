import { linkNumber, type ReadClass } from "./cimClient";

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
  const name = vmId.toUpperCase();
  switch (className) {
    case "Msvm_ComputerSystem":
      return { property: "Name", values: [name] };
    case "Msvm_ReplicationRelationship":
    case "Msvm_ReplicationSettingData":
      return {
        property: "InstanceID",
        values: Object.values(linkNumber).map((number) => `Microsoft:${name}\\HVR\\${number}`),
      };
    case "Msvm_ConcreteJob":
    case "Msvm_AffectedJobElement":
      return undefined;
    default:
      return className satisfies never;
  }
}
