import type { HostState } from "../../provider/simulator/model/hostState";
import type { Properties } from "./chronicle";
import { allMachines, machineNames, resourceAccount } from "./hostEvents";
import { password, secretTrigger, wrongPassword } from "./secrets";

/** How a program names a VM: all forms mean the same one. */
export type Naming = "name" | "otherCase" | "guid" | "braces";

/** One resource as a program declares it. */
export interface Declaration {
  readonly machine: number;
  readonly naming: Naming;
  readonly isDeclared: boolean;
  /** Version of the triggers' values; `null`: none are given. */
  readonly triggers: number | null;
  readonly policy: "ifRequired" | "always";
  readonly wait: "completed" | "started";
  /** ISO 8601. */
  readonly startTime: string | null;
  readonly onTimeout: "leave" | "cancel";
  readonly timeoutSeconds: number;
  readonly stalledAfterSeconds: number;
  readonly maxConcurrentResyncs: number | null;
  readonly operationTimeoutSeconds: number | null;
  readonly password: "right" | "wrong" | "none";
  /** How often it was renamed, and whether the last name is given as an alias. */
  readonly name: number;
  readonly hasAlias: boolean;
}

/** An edit of the program. `resource` counts from 0; one that does not exist is left out. */
export type Edit = { readonly resource: number } & (
  | { readonly set: "triggers"; readonly to: number | null }
  | { readonly set: "policy"; readonly to: Declaration["policy"] }
  | { readonly set: "wait"; readonly to: Declaration["wait"] }
  /** Seconds from the time of the edit. */
  | { readonly set: "startTime"; readonly to: number | null }
  | { readonly set: "onTimeout"; readonly to: Declaration["onTimeout"] }
  | { readonly set: "timeoutSeconds" | "stalledAfterSeconds"; readonly to: number }
  | { readonly set: "maxConcurrentResyncs" | "operationTimeoutSeconds"; readonly to: number | null }
  | { readonly set: "password"; readonly to: Declaration["password"] }
  | { readonly set: "naming"; readonly to: Naming }
  | { readonly set: "machine"; readonly to: number }
  | { readonly set: "isDeclared"; readonly to: boolean }
  | { readonly set: "name"; readonly hasAlias: boolean }
);

/** The declaration after an edit at this time. */
export function edited(before: Declaration, edit: Edit, nowMs: number, machines: number): Declaration {
  switch (edit.set) {
    case "startTime":
      return { ...before, startTime: edit.to === null ? null : new Date(nowMs + edit.to * 1_000).toISOString() };
    case "name":
      return { ...before, name: before.name + 1, hasAlias: edit.hasAlias };
    case "machine":
      return { ...before, machine: edit.to % machines };
    default:
      return { ...before, [edit.set]: edit.to };
  }
}

/** The URN of the nth resource under its nth name. */
export function urnOf(resource: number, name: number): string {
  return `urn:pulumi:dev::lab::pulumi-nodejs:dynamic/hyperv:ReplicaResync::r${resource}${"'".repeat(name)}`;
}

/** The inputs of a resource as the engine hands them over. `isReordered`: as another version of the program writes them. */
export function inputsOf(one: Declaration, resource: number, host: HostState, isReordered: boolean): Properties {
  const machine = allMachines(host).find(({ name }) => name === machineNames[one.machine]);
  if (machine === undefined) throw new Error(`the case has no VM ${one.machine}`);
  const { triggers, policy, startTime } = one;
  const trigger =
    triggers === null ? [] : [["version", triggers] as const, ["token", secretTrigger(triggers)] as const];
  return {
    vm: nameFor(one.naming, machine),
    ...(machine.mode === 2 && { relationship: "extended" }),
    ...(triggers !== null && { triggers: Object.fromEntries(isReordered ? trigger.reverse() : trigger) }),
    policy,
    // The two together are refused; a program that changes its policy drops the time.
    ...(startTime !== null && policy !== "always" && { startTime }),
    wait: one.wait,
    onTimeout: one.onTimeout,
    timeoutSeconds: one.timeoutSeconds,
    stalledAfterSeconds: one.stalledAfterSeconds,
    connection: {
      scenario: "case.json",
      ...(one.password !== "none" && {
        username: resourceAccount,
        password: one.password === "right" ? password : wrongPassword,
      }),
      ...(one.maxConcurrentResyncs !== null && { maxConcurrentResyncs: one.maxConcurrentResyncs }),
      ...(one.operationTimeoutSeconds !== null && { operationTimeoutSeconds: one.operationTimeoutSeconds }),
    },
    __provider: "text of the provider",
    __urn: urnOf(resource, one.name),
  };
}

function nameFor(naming: Naming, { name, id }: { readonly name: string; readonly id: string }): string {
  switch (naming) {
    case "name":
      return name;
    case "otherCase":
      return name.toUpperCase();
    case "guid":
      return id.toUpperCase();
    case "braces":
      return `{${id}}`;
    default:
      return naming satisfies never;
  }
}
