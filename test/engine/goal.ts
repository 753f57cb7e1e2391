import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct } from "./rpc";
import type { ResourceState } from "./state";
import { stackType, stackUrnOf, urnOf, type StackIdentity } from "./urn";
import { fromProgram, type PropertyMap } from "./values";
import type { WireMessage } from "./wire";

/** A resource as the program wants it. */
export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: PropertyMap;
  readonly parent: string;
  readonly dependencies: string[];
  readonly propertyDependencies: Record<string, string[]>;
  readonly aliases: string[];
  readonly additionalSecretOutputs: string[];
}

/** @throws UnsupportedError for values that this engine does not know. */
export function goalOf(request: RegisterResourceRequest, identity: StackIdentity): Goal {
  const [type, name] = [request.getType(), request.getName()];
  const parent = type === stackType ? "" : request.getParent() || stackUrnOf(identity);
  return {
    urn: urnOf(identity, type, name, parent),
    type,
    name,
    custom: request.getCustom(),
    inputs: fromProgram(fromStruct(request.getObject())) as PropertyMap,
    parent,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, list]) => [key, list.getUrnsList()]),
    ),
    aliases: request.getAliasurnsList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

/** The state of a resource that is made as wanted, as far as it is known before a plugin has been asked. */
export function stateOf(
  goal: Goal,
  known: { readonly inputs: PropertyMap; readonly provider?: string | undefined; readonly id?: string | undefined },
): ResourceState {
  return {
    urn: goal.urn,
    custom: goal.custom,
    ...(known.id === undefined ? {} : { id: known.id }),
    type: goal.type,
    ...(Object.keys(known.inputs).length > 0 ? { inputs: known.inputs } : {}),
    ...(goal.parent === "" ? {} : { parent: goal.parent }),
    ...(goal.dependencies.length > 0 ? { dependencies: goal.dependencies } : {}),
    ...(known.provider === undefined ? {} : { provider: known.provider }),
    ...(Object.keys(goal.propertyDependencies).length > 0 ? { propertyDependencies: goal.propertyDependencies } : {}),
    ...(goal.additionalSecretOutputs.length > 0 ? { additionalSecretOutputs: goal.additionalSecretOutputs } : {}),
    ...(goal.aliases.length > 0 ? { aliases: goal.aliases } : {}),
  };
}

/** The registration as it is recorded. */
export function shownRegistration(request: RegisterResourceRequest): WireMessage {
  const dependencies = [...request.getPropertydependenciesMap().entries()].map(([key, list]) => {
    const urns = list.getUrnsList();
    return [key, urns.length > 0 ? { urns } : {}] as const;
  });
  const timeouts = Object.entries(request.getCustomtimeouts()?.toObject() ?? {}).filter(([, value]) => value !== "");
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    object: fromStruct(request.getObject()),
    dependencies: request.getDependenciesList(),
    ...(dependencies.length > 0 ? { propertyDependencies: Object.fromEntries(dependencies) } : {}),
    acceptSecrets: request.getAcceptsecrets(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliasURNs: request.getAliasurnsList(),
    customTimeouts: Object.fromEntries(timeouts),
    supportsPartialValues: request.getSupportspartialvalues(),
    acceptResources: request.getAcceptresources(),
    aliasSpecs: request.getAliasspecs(),
    supportsResultReporting: request.getSupportsresultreporting(),
  };
}
