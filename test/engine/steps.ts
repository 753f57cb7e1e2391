import { runStep, type Deployment } from "./deployment";
import { stateOf, type Goal } from "./goal";
import { ProviderError, type InitFailure } from "./providerError";
import type { Provider } from "./provider";
import type { PendingOperation, ResourceState } from "./state";
import { isSecret, markSecretsLike, secret, type PropertyMap } from "./values";

/** What a step works on. Without provider it is a component: the engine itself keeps it. */
export interface Subject {
  readonly goal: Goal;
  readonly inputs: PropertyMap;
  readonly provider: { readonly provider: Provider; readonly ref: string } | undefined;
}

/** Takes a resource over as it is; it gets the new inputs, of which the provider said that they change nothing. */
export async function keep(d: Deployment, subject: Subject, old: ResourceState): Promise<ResourceState | undefined> {
  return await runStep(d, { op: "same", urn: subject.goal.urn }, () => {
    const outputs = old.outputs === undefined ? {} : { outputs: old.outputs };
    return Promise.resolve(settle(d, { ...wantedState(subject, old), ...outputs }, old));
  });
}

/** Creates a resource, or its replacement: then the old one stays until nothing needs it. */
export async function create(
  d: Deployment,
  subject: Subject,
  replaced?: { readonly old: ResourceState; readonly diff: string },
): Promise<ResourceState | undefined> {
  const { goal, inputs, provider } = subject;
  const { urn } = goal;
  const step =
    replaced === undefined ? { op: "create" as const } : { op: "create-replacement" as const, diff: replaced.diff };
  const wanted = wantedState(subject);
  const pending = pendingOf(d, "creating", subject, wanted);
  const made = await runStep(d, { ...step, urn, pending }, async (answered) => {
    const finish = (id: string, properties: PropertyMap, initErrors: readonly string[] = []): ResourceState => {
      if (id === "") throw new Error(`the provider returned an empty resource id from create '${urn}'`);
      if (replaced !== undefined) replaced.old.delete = true;
      return settle(d, { ...wanted, id, ...outcome(subject, properties, initErrors) }, undefined);
    };
    if (d.isPreview && replaced !== undefined) replaced.old.delete = true;
    if (d.isPreview || provider === undefined) return settle(d, wanted, undefined);
    return await change(d, answered, () => provider.provider.create(urn, inputs), {
      settle: ({ id, properties }) => finish(id, properties),
      keepUnready: ({ id, properties, reasons }) => finish(id, properties, reasons),
    });
  });
  if (made !== undefined && replaced !== undefined) {
    await runStep(d, { op: "replace", urn, diff: replaced.diff }, () => Promise.resolve());
  }
  return made;
}

/** Updates a resource in place. When that fails half way the old inputs stay, so that the next run sees the change. */
export async function update(
  d: Deployment,
  subject: Subject,
  old: ResourceState,
  diff: string,
): Promise<ResourceState | undefined> {
  const { goal, inputs, provider } = subject;
  const wanted = wantedState(subject, old);
  const pending = pendingOf(d, "updating", subject, wanted);
  return await runStep(d, { op: "update", urn: goal.urn, diff, pending }, async (answered) => {
    if (provider === undefined) return settle(d, { ...wanted, ...(old.outputs && { outputs: old.outputs }) }, old);
    if (d.isPreview) return settle(d, wanted, old);
    return await change(d, answered, () => provider.provider.update({ ...old, urn: goal.urn }, inputs), {
      settle: (properties) => settle(d, { ...wanted, ...outcome(subject, properties) }, old),
      keepUnready: ({ properties, reasons }) => {
        const oldInputs = old.inputs ?? {};
        settle(d, { ...wanted, inputs: oldInputs, ...outcome(subject, properties, reasons) }, old);
      },
    });
  });
}

/** Deletes a resource, or what a replacement has left of it. */
export async function remove(d: Deployment, old: ResourceState): Promise<void> {
  const isAsked = !d.isPreview && old.custom;
  const step = { op: old.delete === true ? "delete-replaced" : "delete", urn: old.urn } as const;
  const pending = isAsked ? ({ type: "deleting", resource: old } as const) : undefined;
  await runStep(d, { ...step, pending }, async (answered) => {
    if (!isAsked) {
      d.snapshot.drop(old);
      return;
    }
    const ask = async (): Promise<void> => (await d.provider.asStored()).delete(old);
    await change(d, answered, ask, {
      settle: () => {
        d.snapshot.drop(old);
      },
    });
  });
}

/** What is noted while a plugin changes something; no plugin is asked in a preview, or about a component. */
function pendingOf(
  d: Deployment,
  type: PendingOperation["type"],
  { provider }: Subject,
  resource: ResourceState,
): PendingOperation | undefined {
  return d.isPreview || provider === undefined ? undefined : { type, resource };
}

/** Has a plugin change something, and keeps what it says. */
async function change<Answer, Result>(
  d: Deployment,
  answered: () => void,
  ask: () => Promise<Answer>,
  then: { readonly settle: (answer: Answer) => Result; readonly keepUnready?: (failure: InitFailure) => void },
): Promise<Result> {
  try {
    const answer = await ask();
    answered();
    return then.settle(answer);
  } catch (error) {
    answered();
    const failure = error instanceof ProviderError ? error.initFailure : undefined;
    if (failure !== undefined && then.keepUnready !== undefined) then.keepUnready(failure);
    else d.snapshot.save();
    throw error;
  }
}

function wantedState({ goal, inputs, provider }: Subject, old?: ResourceState): ResourceState {
  return {
    ...stateOf(goal, { inputs, provider: provider?.ref, id: old?.id }),
    ...(old?.created && { created: old.created }),
  };
}

/** Marks outputs as secret: where the inputs, or the outputs before, were secret, and what the program asked for. */
export function markOutputs(
  properties: PropertyMap,
  like: PropertyMap | undefined,
  additional: readonly string[] = [],
): PropertyMap {
  const outputs = markSecretsLike(properties, like);
  for (const key of additional) {
    const value = outputs[key];
    if (value !== undefined && !isSecret(value)) outputs[key] = secret(value);
  }
  return outputs;
}

function outcome(
  { goal, inputs }: Subject,
  properties: PropertyMap,
  initErrors: readonly string[] = [],
): Partial<ResourceState> {
  const outputs = markOutputs(properties, inputs, goal.additionalSecretOutputs);
  return { outputs, ...(initErrors.length > 0 ? { initErrors: [...initErrors] } : {}) };
}

function settle(d: Deployment, state: ResourceState, old: ResourceState | undefined): ResourceState {
  const now = new Date().toISOString();
  const settled = { ...state, created: state.created ?? now, modified: now };
  d.snapshot.settle(settled, old);
  return settled;
}
