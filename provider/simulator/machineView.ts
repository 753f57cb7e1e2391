/** A VM as the host has it, with raw CIM numbers. */
export interface MachineView {
  /** GUID in lower case. */
  readonly id: string;
  readonly name: string;
  readonly replicationMode: number;
  readonly enabledState: number;
  readonly recoveryPoints: number;
  /** In the order of their numbers: 0 primary, 1 extended. */
  readonly links: readonly {
    readonly number: 0 | 1;
    readonly replicationState: number;
    readonly replicationHealth: number;
    /** ISO 8601 UTC; absent for never. */
    readonly lastReplicationTime?: string;
  }[];
}
