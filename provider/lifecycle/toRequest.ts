import type { ResyncRequest } from "../core/record/request";
import { type Inputs, inputDefaults } from "../state/inputs";
import { toSelector } from "../state/vmKey";

/** Hyper-V's own default for active transfers. Source: "Set-VMHost" and KB2767928, Microsoft. */
const defaultMaxConcurrentResyncs = 3;

/** The request of checked inputs; `vmId` is the VM's GUID when an earlier run has found it. */
export function toRequest(inputs: Inputs, maxConcurrentResyncs: number | undefined, vmId?: string): ResyncRequest {
  return {
    selector: vmId === undefined ? toSelector(inputs.vm ?? "") : { vmId },
    kind: inputs.relationship ?? inputDefaults.relationship,
    policy: inputs.policy ?? inputDefaults.policy,
    ...(inputs.startTime !== undefined && { startTime: new Date(inputs.startTime).toISOString() }),
    wait: inputs.wait ?? inputDefaults.wait,
    timeoutMs: (inputs.timeoutSeconds ?? inputDefaults.timeoutSeconds) * 1_000,
    stalledAfterMs: (inputs.stalledAfterSeconds ?? inputDefaults.stalledAfterSeconds) * 1_000,
    onTimeout: inputs.onTimeout ?? inputDefaults.onTimeout,
    maxConcurrentResyncs: maxConcurrentResyncs ?? defaultMaxConcurrentResyncs,
  };
}

/** The resource's id: the VM's GUID, and which relationship when it is not the ordinary one. */
export function resourceId(vmId: string, kind: ResyncRequest["kind"]): string {
  return kind === "extended" ? `${vmId}/extended` : vmId;
}
