import type { ConnectionField } from "../fieldNames";
import type { Connection } from "../fields";

/** A rule that a connection breaks, at the field to change. */
export interface ConnectionProblem {
  readonly field: ConnectionField;
  /** `expected …, got …` or `is …`: stands behind the name of the field. Never holds a secret. */
  readonly reason: string;
}

/** The first of these fields that a connection has. */
export function forbid(
  connection: Connection,
  fields: readonly ConnectionField[],
  reason: string,
): ConnectionProblem | undefined {
  const field = fields.find((one) => connection[one] !== undefined);
  return field === undefined ? undefined : { field, reason };
}
