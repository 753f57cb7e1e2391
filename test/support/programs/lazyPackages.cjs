// Preloaded into the programs and plugins that the built-in engine starts. The SDK loads npm's package manager and the
// TypeScript compiler whenever it is loaded, which is half of a plugin's start, and a plugin needs neither. Here they are
// loaded when something of them is used first; what they do then is the same.
const Module = require("node:module");

const lazy = new Set(["@npmcli/arborist", "typescript"]);
const load = Module._load;

Module._load = function (request, parent, isMain) {
  return lazy.has(request) ? whenUsed(() => load(request, parent, isMain)) : load.call(this, request, parent, isMain);
};

function whenUsed(loadNow) {
  let loaded;
  const real = () => (loaded ??= loadNow());
  return new Proxy(
    {},
    {
      // The SDK's own compiler would copy, and so use, every member of a module that does not say so.
      get: (_, name) => (name === "__esModule" ? true : real()[name]),
      has: (_, name) => name in real(),
    },
  );
}
