import type { LinkRef } from "../../cim/cimClient";
import { relationshipId } from "../../cim/vmKeys";
import { toDmtf } from "../values/cimDateTime";
import { embeddedInstance } from "../values/embedded";
import { type Reference, referenceContent } from "../values/endpointReference";
import { element, type Xml } from "../xml/writeXml";

/** The reference to a VM. */
export function machineRef(vmId: string): Reference {
  const className = "Msvm_ComputerSystem";
  return { className, keys: { CreationClassName: className, Name: vmId.toUpperCase() } };
}

/** `ComputerSystem`: the VM that a method of the service is called for. */
export function computerSystem(vmId: string): Xml {
  return element("p:ComputerSystem", {}, ...referenceContent(machineRef(vmId)));
}

/** `ReplicationRelationship`: an embedded instance. */
export function replicationRelationship(link: LinkRef): Xml {
  const instance = embeddedInstance("Msvm_ReplicationRelationship", "InstanceID", relationshipId(link));
  return element("p:ReplicationRelationship", {}, instance);
}

/**
 * The two ways to write a timestamp into a parameter: as hosts write it themselves, and as Microsoft's own server for Linux reads
 * it, which knows only this one. Sources: MS-WSMV, section 2.2.5.3; DSP0230, section 7.2.4 (`cimDateTime`).
 */
export type MomentForm = "datetime" | "cimDateTime";

/** `StartTime`; `at` is ISO 8601 UTC. */
export function startTime(at: string, form: MomentForm): Xml {
  return form === "datetime"
    ? element("p:StartTime", {}, element("cim:Datetime", {}, new Date(at).toISOString()))
    : element("p:StartTime", { "xsi:type": "cim:cimDateTime" }, element("CIM_DateTime", {}, toDmtf(at)));
}
