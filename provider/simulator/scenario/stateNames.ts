import { replicationStates } from "../../core/hyperv/replicationState";

// The words of a scenario for numbers of the platform. Sources: the named classes, learn.microsoft.com.

/** `Msvm_ReplicationRelationship.ReplicationHealth`. */
export const linkHealth = { notApplicable: 0, ok: 1, warning: 2, critical: 3 } as const;

/** `Msvm_ComputerSystem.EnabledState`. Paused and saved as reported by the v2 namespace. */
export const enabledState = { running: 2, off: 3, saved: 6, paused: 9 } as const;

/** Every `ReplicationState` by its name in a scenario. */
export const stateByName: ReadonlyMap<string, number> = new Map(
  [...replicationStates].map(([value, { name }]) => [name, value]),
);

/** The names of a table. */
export function namesIn<Name extends string>(table: Readonly<Record<Name, number>>): Name[] {
  return Object.keys(table) as Name[];
}
