import type { Deployment } from "./deployment";
import { isProvider } from "./defaultProvider";
import type { ResourceState } from "./state";
import { remove } from "./steps";

/**
 * Deletes resources in waves: first those that no other depends on, all side by side, then those that only these
 * depended on, and so on. A provider goes last, without anybody being asked.
 */
export async function deleteAll(d: Deployment, resources: readonly ResourceState[]): Promise<void> {
  let left = [...resources].reverse();
  while (left.length > 0 && d.halt.reason === undefined) {
    const needed = new Set(left.flatMap(dependenciesOf));
    const wave = left.filter((resource) => !needed.has(resource.urn));
    if (wave.length === 0) throw new Error("the resources to be deleted depend on each other in a circle");
    for (const provider of wave.filter(isProvider)) d.snapshot.drop(provider);
    await Promise.all(wave.filter((resource) => !isProvider(resource)).map((old) => remove(d, old)));
    left = left.filter((resource) => !wave.includes(resource));
  }
}

function dependenciesOf(resource: ResourceState): string[] {
  const provider = resource.provider?.split("::").slice(0, -1).join("::") ?? "";
  const byProperty = Object.values(resource.propertyDependencies ?? {}).flat();
  // A replaced resource shares its URN with its replacement, which is nothing to wait for.
  const others = [resource.parent ?? "", provider, ...(resource.dependencies ?? []), ...byProperty];
  return others.filter((urn) => urn !== resource.urn);
}
