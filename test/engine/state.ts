import type { PropertyMap } from "./values";

/** One resource in a stack's state, named as `pulumi stack export` names it. */
export interface ResourceState {
  urn: string;
  custom: boolean;
  /** Replaced already, to be deleted as soon as nothing depends on it. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  parent?: string;
  dependencies?: string[];
  /** Why a create or update ended before the resource was ready: the next `up` updates it whatever `diff` says. */
  initErrors?: string[];
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  created?: string;
  modified?: string;
}

/** Written before a plugin is asked to change something and removed after: what stays was interrupted. */
export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting";
}

/** What is known of a stack between two runs. */
export interface StackState {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
  /** Which key opens the secrets: see `secrets.ts`. */
  salt?: string;
}

/**
 * The state while it changes. Resources of this run stand first, in the order in which they were settled; then what the
 * run has not come to yet. So whenever it is saved, a resource stands behind what it depends on.
 */
export class Snapshot {
  readonly #settled: ResourceState[] = [];
  readonly #done = new Set<ResourceState>();
  readonly #save: (resources: ResourceState[], pending: PendingOperation[]) => void;
  #base: ResourceState[];
  #pending: PendingOperation[];
  #isFrozen = false;

  constructor(state: StackState, save: (resources: ResourceState[], pending: PendingOperation[]) => void) {
    this.#base = state.resources;
    this.#pending = state.pendingOperations;
    this.#save = save;
  }

  get resources(): ResourceState[] {
    return [...this.#settled, ...this.#base.filter((resource) => !this.#done.has(resource))];
  }

  get pendingOperations(): readonly PendingOperation[] {
    return this.#pending;
  }

  /** What the run has not come to yet. */
  get unsettled(): ResourceState[] {
    return this.#base.filter((resource) => !this.#done.has(resource));
  }

  /** The resource as the last run left it, unless it only waits for its deletion. */
  old(urn: string): ResourceState | undefined {
    return this.#base.find((resource) => resource.urn === urn && resource.delete !== true);
  }

  /** Puts a resource in place of the old one. */
  settle(resource: ResourceState, replaces: ResourceState | undefined): void {
    if (replaces !== undefined) this.#done.add(replaces);
    this.#settled.push(resource);
    this.save();
  }

  /** Takes a resource out. */
  drop(resource: ResourceState): void {
    this.#done.add(resource);
    this.save();
  }

  /** Notes that a plugin is about to be asked; the returned function notes that it has answered. */
  begin(operation: PendingOperation): () => void {
    this.#pending = [...this.#pending, operation];
    this.save();
    return () => {
      this.#pending = this.#pending.filter((other) => other !== operation);
    };
  }

  /**
   * Takes over what a refresh found, `undefined` for what is gone, and mends what depended on that. Whether an
   * interrupted create made something is a question for a person, so those operations stay; others are settled now.
   */
  rebuild(found: ReadonlyMap<ResourceState, ResourceState | undefined>): void {
    const kept = this.#base.flatMap((resource) => (found.has(resource) ? (found.get(resource) ?? []) : resource));
    const urns = new Set(kept.map((resource) => resource.urn));
    this.#base = kept.map((resource) => withoutDependenciesOn(resource, (urn) => !urns.has(urn)));
    this.#pending = this.#pending.filter((operation) => operation.type === "creating");
    this.save();
  }

  /** What comes from now on is not kept: the run is being cut off, and its state shall say so. */
  freeze(): void {
    this.#isFrozen = true;
  }

  save(): void {
    if (!this.#isFrozen) this.#save(this.resources, this.#pending);
  }
}

function withoutDependenciesOn(resource: ResourceState, isGone: (urn: string) => boolean): ResourceState {
  const { dependencies, propertyDependencies, ...rest } = resource;
  const left = (dependencies ?? []).filter((urn) => !isGone(urn));
  const byProperty = Object.entries(propertyDependencies ?? {})
    .map(([key, urns]) => [key, urns.filter((urn) => !isGone(urn))] as const)
    .filter(([, urns]) => urns.length > 0);
  return {
    ...rest,
    ...(left.length > 0 ? { dependencies: left } : {}),
    ...(byProperty.length > 0 ? { propertyDependencies: Object.fromEntries(byProperty) } : {}),
  };
}
