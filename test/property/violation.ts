/** Something that must not be. */
export interface Violation {
  /** Number and name of the invariant. */
  readonly rule: string;
  readonly text: string;
}
