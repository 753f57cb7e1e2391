import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** Says by name what the built-in engine does not do, so that nothing is ever ignored silently. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";

  constructor(feature: string) {
    super(`the built-in engine does not support ${feature}; use the pulumi CLI`);
  }
}

/** Calls to the resource monitor that this engine refuses, and what the user would call them. */
export const refusedCalls = {
  invoke: "invokes (functions of other providers)",
  call: "method calls on resources",
  readResource: "reading existing resources (`get`, option `id`)",
  existsResource: "asking whether a resource exists",
  registerStackTransform: "transforms",
  registerStackInvokeTransform: "invoke transforms",
  registerResourceHook: "resource hooks",
  registerErrorHook: "error hooks",
  registerPackage: "parameterized packages",
} as const;

/** @throws UnsupportedError for the first option or kind of resource in a registration that this engine does not know. */
export function refuseUnknownOptions(request: RegisterResourceRequest): void {
  const used: readonly (readonly [string, boolean])[] = [
    ["remote components", request.getRemote()],
    ["option `protect`", request.getProtect() === true],
    ["option `ignoreChanges`", request.getIgnorechangesList().length > 0],
    ["option `import`", request.getImportid() !== ""],
    ["option `replaceOnChanges`", request.getReplaceonchangesList().length > 0],
    ["option `replaceWith`", request.getReplaceWithList().length > 0],
    ["option `replacementTrigger`", request.hasReplacementTrigger()],
    ["option `deleteBeforeReplace`", request.getDeletebeforereplace()],
    ["option `deletedWith`", request.getDeletedwith() !== ""],
    ["option `retainOnDelete`", request.getRetainondelete() === true],
    ["option `hideDiffs`", request.getHidediffsList().length > 0],
    ["option `envVarMappings`", request.getEnvvarmappingsMap().getLength() > 0],
    ["option `provider`", request.getProvider() !== ""],
    ["option `providers`", request.getProvidersMap().getLength() > 0],
    ["option `transforms`", request.getTransformsList().length > 0],
    ["option `stateMigrations`", request.getStateMigrationsList().length > 0],
    ["option `hooks`", request.hasHooks() && hasHooks(request)],
    ["structured aliases", request.getAliasesList().length > 0],
    ["parameterized packages", request.getPackageref() !== ""],
    [
      `resources of type ${request.getType()} (only dynamic resources and components)`,
      request.getCustom() && !request.getType().startsWith("pulumi-nodejs:"),
    ],
  ];
  const refused = used.find(([, isUsed]) => isUsed);
  if (refused !== undefined) throw new UnsupportedError(refused[0]);
}

/**
 * The SDK refuses some features itself because this engine does not advertise them, and then blames the CLI's age.
 * Such a message is replaced by one that names the real reason.
 */
export function renameSdkRefusal(message: string): string {
  return message.replace(
    /The Pulumi CLI does not support (?:the )?(.+?)\. Please update the Pulumi CLI\.?/g,
    (_, feature: string) => new UnsupportedError(feature).message,
  );
}

function hasHooks(request: RegisterResourceRequest): boolean {
  const hooks = request.getHooks();
  return hooks !== undefined && Object.values(hooks.toObject()).some((names) => names.length > 0);
}
