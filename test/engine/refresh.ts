import { runStep, type Deployment } from "./deployment";
import { describeDifference } from "./differences";
import { isProvider } from "./defaultProvider";
import { stateOf } from "./goal";
import type { Provider } from "./provider";
import type { ResourceState } from "./state";
import { markOutputs, type Subject } from "./steps";
import { markSecretsLike } from "./values";

interface Finding {
  readonly found: "unchanged" | "updated" | "deleted";
  readonly diff?: string;
  readonly state?: ResourceState;
}

/** Reads every resource of the stack again, all side by side, without running the program. */
export async function refreshAll(d: Deployment): Promise<void> {
  const found = new Map<ResourceState, ResourceState | undefined>();
  const wanted = d.snapshot.unsettled.filter((resource) => resource.delete !== true && !isProvider(resource));
  await Promise.all(
    wanted.map(async (old) => {
      const finding = await refresh(d, old, async () =>
        old.custom ? await read(await d.provider.asStored(), old) : { found: "unchanged", state: old },
      );
      if (finding !== undefined) found.set(old, finding.state);
    }),
  );
  d.snapshot.rebuild(found);
}

/** Reads one resource again because the program registers it. What does not exist is not created. */
export async function readAgain(
  d: Deployment,
  { goal, inputs, provider }: Subject,
  old: ResourceState | undefined,
): Promise<ResourceState | undefined> {
  if (old === undefined || provider === undefined) return stateOf(goal, { inputs });
  const finding = await refresh(d, old, () => read(provider.provider, old));
  if (finding === undefined) return undefined;
  if (finding.state === undefined) {
    d.snapshot.drop(old);
    return stateOf(goal, { inputs });
  }
  const { initErrors: _, ...state } = finding.state;
  const wanted = stateOf(goal, { inputs: state.inputs ?? {}, provider: provider.ref, id: state.id });
  const settled = { ...state, ...wanted };
  d.snapshot.settle(settled, old);
  return settled;
}

async function refresh(d: Deployment, old: ResourceState, work: () => Promise<Finding>): Promise<Finding | undefined> {
  return await runStep(d, { op: "refresh", urn: old.urn }, work, ({ found, diff }) => ({
    found,
    ...(diff === undefined ? {} : { diff }),
  }));
}

/** What the provider reads is the truth: it also ends the memory of an init error. */
async function read(provider: Provider, old: ResourceState): Promise<Finding> {
  const { id, properties, inputs } = await provider.read(old);
  if (id === "") return { found: "deleted" };
  const { initErrors: _, ...rest } = old;
  const state: ResourceState = {
    ...rest,
    id,
    ...(inputs === undefined ? {} : { inputs: markSecretsLike(inputs, old.inputs) }),
    outputs: markOutputs(properties, old.outputs, old.additionalSecretOutputs),
    modified: new Date().toISOString(),
  };
  const { changes } = await provider.diff({ ...state, inputs: old.inputs ?? {} }, old.inputs ?? {});
  if (changes !== "some") return { found: "unchanged", state };
  return { found: "updated", state, diff: describeDifference(old.outputs, state.outputs) };
}
