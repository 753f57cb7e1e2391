import { ReplicaResyncError } from "../core/errors";
import type { ConnectionField } from "./fieldNames";

/** How a source of a connection names its fields in messages. */
export type NameOf = (field: ConnectionField) => string;

/** The names of the resource, the first source. */
export const inResource: NameOf = (field) => `connection.${field}`;

/** A connection that cannot be used, at the field to change, in the source that has it. */
export class ConnectionFieldError extends ReplicaResyncError {
  readonly field: ConnectionField;
  /** What is wrong, for a place that names the property of the resource: another source is named here. */
  readonly reason: string;

  constructor(field: ConnectionField, reason: string, nameOf: NameOf) {
    const message = `${nameOf(field)}: ${reason}`;
    super("REFUSED", message);
    this.field = field;
    this.reason = nameOf === inResource ? reason : message;
  }
}
