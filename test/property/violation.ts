/** Something that must not happen. */
export interface Violation {
  /** Number and name of the invariant. */
  readonly rule: string;
  readonly text: string;
}
