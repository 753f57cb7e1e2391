import type { LifecycleContext, Properties } from "./context";

/** Forgets the request. Contacts nobody: nothing can undo a resync. Accepts state of any version. */
export function forget(_id: string, props: Properties, context: LifecycleContext): void {
  const name = typeof props.vmName === "string" ? props.vmName : "the machine";
  context.progressFor(props.__urn).status(`forgetting the request; nothing changes on the host of ${name}`);
}
