import { randomBytes } from "node:crypto";
import { fail, type Deployment } from "./deployment";
import { describeDifference } from "./differences";
import type { Goal } from "./goal";
import type { Provider } from "./provider";
import { readAgain } from "./refresh";
import { UnsupportedError } from "./refusals";
import type { ResourceState } from "./state";
import { create, keep, update, type Subject } from "./steps";
import { isSame, isSecret, markSecretsLike, type PropertyMap, type PropertyValue } from "./values";

type Step = () => Promise<ResourceState | undefined>;

/**
 * Decides what becomes of each resource that the program registers. Questions to the plugin (check, diff) are asked one
 * after another; the steps themselves run side by side.
 */
export class Registrations {
  readonly #d: Deployment;
  readonly #refreshOnly: boolean;
  readonly #registered = new Map<string, ResourceState | undefined>();
  #questions: Promise<unknown> = Promise.resolve();

  /** @param refreshOnly - nothing is changed: what the program registers is read again. */
  constructor(deployment: Deployment, refreshOnly: boolean) {
    this.#d = deployment;
    this.#refreshOnly = refreshOnly;
  }

  has(urn: string): boolean {
    return this.#registered.has(urn);
  }

  /** Resolves to the resource as it is then, or to nothing when it failed: the program gets no answer in that case. */
  async register(goal: Goal): Promise<ResourceState | undefined> {
    const planned = this.#questions.then(async () => {
      if (this.#d.halt.reason !== undefined) return undefined;
      try {
        return await this.#d.halt.track(() => this.#plan(goal));
      } catch (error) {
        fail(this.#d, goal.urn, error);
        return;
      }
    });
    this.#questions = planned;
    const state = await (await planned)?.();
    if (state !== undefined) this.#registered.set(goal.urn, state);
    return state;
  }

  /** Takes the outputs of a component or of the stack. */
  setOutputs(urn: string, outputs: PropertyMap): void {
    const state = this.#registered.get(urn);
    if (state === undefined) throw new Error(`outputs of a resource that is not registered: ${urn}`);
    const old = this.#d.snapshot.old(urn);
    const before = old === undefined ? undefined : (old.outputs ?? {});
    if (Object.keys(outputs).length > 0) state.outputs = outputs;
    else delete state.outputs;
    this.#d.snapshot.save();
    if (urn === this.#d.stackUrn) this.#d.events.emit({ type: "outputs", before, after: outputs });
  }

  async #plan(goal: Goal): Promise<Step> {
    const d = this.#d;
    if (this.#registered.has(goal.urn)) {
      throw new Error(`Duplicate resource URN '${goal.urn}'; try giving it a unique name`);
    }
    this.#registered.set(goal.urn, undefined);
    const old = [goal.urn, ...goal.aliases].map((urn) => d.snapshot.old(urn)).find((state) => state !== undefined);
    if (!goal.custom) return this.#planComponent(goal, old);
    const registered = await d.provider.asRegistered();
    const { provider } = registered;
    const subject: Subject = { goal, inputs: goal.inputs, provider: registered };
    if (this.#refreshOnly) return () => readAgain(d, subject, old);
    const randomSeed = randomBytes(32).toString("base64");
    const inputs = await check(provider, goal, old?.inputs, randomSeed);
    const checked = { ...subject, inputs };
    if (old === undefined) return () => create(d, checked);
    const difference = await provider.diff({ ...old, urn: goal.urn }, inputs);
    const diff = describeDifference(old.inputs, inputs);
    const changes = difference.changes === "unknown" ? diff !== "" : difference.changes === "some";
    if (changes && difference.replaces.length > 0) {
      if (difference.deleteBeforeReplace) throw new UnsupportedError("`deleteBeforeReplace` from `diff`");
      const fresh = { ...subject, inputs: await check(provider, goal, undefined, randomSeed) };
      return () => create(d, fresh, { old, diff });
    }
    if (changes || (old.initErrors ?? []).length > 0) return () => update(d, checked, old, diff);
    return () => keep(d, checked, old);
  }

  #planComponent(goal: Goal, old: ResourceState | undefined): Step {
    const subject: Subject = { goal, inputs: goal.inputs, provider: undefined };
    if (old === undefined) return () => create(this.#d, subject);
    if (isSame(old.inputs ?? {}, goal.inputs)) return () => keep(this.#d, subject, old);
    return () => update(this.#d, subject, old, describeDifference(old.inputs, goal.inputs));
  }
}

/** @throws Error with everything that the provider has against the inputs. */
async function check(
  provider: Provider,
  { type, name, urn, inputs: wanted }: Goal,
  olds: PropertyMap | undefined,
  randomSeed: string,
): Promise<PropertyMap> {
  const { inputs, failures } = await provider.check(urn, olds, wanted, randomSeed);
  if (failures.length === 0) return markSecretsLike(inputs, wanted);
  const reasons = failures.map(({ property, reason }) => {
    const where = property === "" ? "" : `property ${property} value {${show(wanted[property])}} `;
    return `${type} resource '${name}': ${where}has a problem: ${reason}`;
  });
  throw new Error(reasons.join("\n"));
}

function show(value: PropertyValue | undefined): string {
  if (value === undefined) return "<nil>";
  if (isSecret(value)) return "[secret]";
  return typeof value === "string" ? value : JSON.stringify(value);
}
