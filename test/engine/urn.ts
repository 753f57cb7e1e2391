/** Type of the resource that stands for the whole stack. */
export const stackType = "pulumi:pulumi:Stack";

/** Where a run belongs: part of every URN. */
export interface StackIdentity {
  readonly project: string;
  readonly stack: string;
}

/** The URN of a resource: types of parents other than the stack are part of it. */
export function urnOf({ project, stack }: StackIdentity, type: string, name: string, parent = ""): string {
  const parentType = parent === "" ? stackType : (parent.split("::")[2] ?? stackType);
  const qualified = parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** The stack's own URN. */
export function stackUrnOf(identity: StackIdentity): string {
  return urnOf(identity, stackType, `${identity.project}-${identity.stack}`);
}

/** A resource's own type, without its parents'. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** A resource's name. A name may contain `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
