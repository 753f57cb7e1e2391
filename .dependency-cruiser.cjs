/** Which folder may import which: the arrows of the architecture, and none but these. */
const provider = "^provider/";

/** @param {string} from @param {string} to */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: provider, pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("core-imports-only-itself", "^provider/core/", "^provider/core/", "the domain knows no edge"),
    {
      name: "core-knows-no-package",
      comment: "neither Pulumi nor a transport's library nor Node's file system",
      severity: "error",
      from: { path: "^provider/core/" },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-peer", "npm-optional", "core"] },
    },
    only(
      "state-imports-core",
      "^provider/state/",
      "^provider/(state|core|connection/(fields|rules))",
      "shapes, on top of the domain",
    ),
    only(
      "connection-imports-core",
      "^provider/connection/(?!openHost)",
      "^provider/(connection|core)/",
      "what a connection is, without any transport",
    ),
    only(
      "progress-imports-ports",
      "^provider/progress/",
      "^provider/(progress/|core/(host/ports|text/))",
      "an observer",
    ),
    {
      name: "simulator-is-an-entry-of-its-own",
      comment: "a plugin of a production run loads none of it",
      severity: "error",
      from: { path: provider, pathNot: "^provider/(simulator|cli)/|^provider/connection/openHost" },
      to: { path: "^provider/simulator/" },
    },
    only(
      "scenario-imports-only-itself",
      "^provider/simulator/scenario/",
      "^provider/(simulator/scenario/|core/(hyperv|text)/)",
      "the format of a file, whatever reads it",
    ),
    only(
      "model-is-pure",
      "^provider/simulator/model/",
      "^provider/(simulator/(model/|scenario/|simulatorError)|core/(hyperv|text)/)",
      "a host without files, doors and clients",
    ),
    {
      name: "model-has-no-io",
      severity: "error",
      from: { path: "^provider/simulator/(model|scenario)/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    only(
      "files-keep-a-model",
      "^provider/simulator/files/",
      "^provider/simulator/(files/|model/|scenario/|simulatorError|realClock)",
      "the files of a host, whoever opens them",
    ),
    only(
      "a-simulated-host-knows-no-door",
      "^provider/simulator/[^/]+$",
      "^provider/simulator/([^/]+$|files/|model/|scenario/)",
      "doors are built on the host",
    ),
    only(
      "server-is-a-door",
      "^provider/simulator/server/",
      "^provider/simulator/(server/|scenario/|forDoors)",
      "a door knows what forDoors shows, and shares no code with the client it is tested with",
    ),
    only(
      "simulator-client-is-a-door",
      "^provider/simulator/client/",
      "^provider/(simulator/(client/|forDoors)|transports/cim/|core/)",
      "the one client that knows the simulated host",
    ),
    only(
      "cim-imports-core",
      "^provider/transports/cim/",
      "^provider/(transports/cim|core)/",
      "what all transports share",
    ),
    only(
      "powershell-moves-data",
      "^provider/transports/powershell/",
      "^provider/(transports/(cim|powershell)/|transports/systemClock|core/)",
      "a transport knows no other",
    ),
    only(
      "wsman-moves-data",
      "^provider/transports/wsman/",
      "^provider/(transports/(cim|wsman)/|transports/systemClock|core/)",
      "a transport knows no other, and no simulated host",
    ),
    only("cli-imports-the-simulator", "^provider/cli/", "^provider/(cli|simulator|core)/", "commands for people"),
    {
      name: "only-one-file-names-transports",
      severity: "error",
      from: { path: provider, pathNot: "^provider/(transports|simulator/client)/|^provider/connection/openHost" },
      to: { path: "^provider/transports/[^/]+/" },
    },
    {
      name: "nothing-imports-the-front",
      comment: "the resource is loaded by users' programs; what runs in the plugin must not need it",
      severity: "error",
      from: { path: "^provider/(core|state|connection|lifecycle|transports|simulator|progress)/" },
      to: { path: "^provider/(index|replicaResync|thinProvider|args|customTimeouts)\\.ts$" },
    },
    {
      name: "thin-provider-imports-nothing",
      comment: "what it reached would be captured into users' state",
      severity: "error",
      from: { path: "^provider/thinProvider\\.ts$" },
      to: { pathNot: "@pulumi/pulumi|^dist/lifecycle/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "engine-is-not-the-product",
      comment: "the product must not need its test engine, nor the engine the product",
      severity: "error",
      from: { path: provider },
      to: { path: "^(test|examples)/" },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules|^dist/" },
    exclude: { path: "test/fixtures" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "require", "node", "default"],
    },
  },
};
