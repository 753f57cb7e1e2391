// Preloaded into the programs and plugins that the built-in engine starts. The SDK loads npm's package manager, the
// TypeScript compiler and a tracing library whenever it is loaded: more than half of a start, and most runs use none of
// them. Here they are resolved as usual, and loaded at their first use.
const Module = require("node:module");

/** Packages whose members the SDK looks up when it uses them. */
const lazy = new Set(["@npmcli/arborist", "typescript"]);
/** Packages whose members `cmd/run/tracing.js` takes out at once, to call them when tracing is asked for. */
const lazyMembers = new Set(
  ["exporter-zipkin", "instrumentation", "instrumentation-grpc", "resources", "sdk-trace-base", "sdk-trace-node"].map(
    (name) => `@opentelemetry/${name}`,
  ),
);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  const hasLazyMembers = lazyMembers.has(request) && /[\\/]cmd[\\/]run[\\/]tracing\.js$/.test(parent?.filename ?? "");
  if (!hasLazyMembers && !lazy.has(request)) return load.call(this, request, parent, isMain);
  // A package that is not installed must fail now: the SDK then uses another compiler.
  Module._resolveFilename(request, parent, isMain);
  let loaded;
  return lazyModule(() => (loaded ??= load(request, parent, isMain)), hasLazyMembers);
};

function lazyModule(real, hasLazyMembers) {
  return new Proxy(
    {},
    {
      get: (_, name) => {
        // The SDK's own compiler would copy, and so use, every member of a module that does not say so.
        if (name === "__esModule") return true;
        return hasLazyMembers ? lazyMember(() => real()[name]) : real()[name];
      },
      has: (_, name) => name in real(),
    },
  );
}

function lazyMember(real) {
  return new Proxy(function () {}, {
    apply: (_, self, given) => Reflect.apply(real(), self, given),
    construct: (_, given) => Reflect.construct(real(), given),
    get: (_, name) => real()[name],
  });
}
