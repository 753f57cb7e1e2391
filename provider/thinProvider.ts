import type * as pulumi from "@pulumi/pulumi";

/**
 * All that Pulumi serialises into the state of every resource. Each method finds the installed package by name when it
 * runs, so the text stays the same from version to version. Nothing may be reached from here but these literal calls:
 * a local module, a constant or a schema would be captured by value, text and all.
 */
export const thinProvider: pulumi.dynamic.ResourceProvider = {
  configure: async (request) => require("pulumi-hyperv-replica/lifecycle").configure(request),
  check: async (olds, news) => require("pulumi-hyperv-replica/lifecycle").check(olds, news),
  diff: async (id, olds, news) => require("pulumi-hyperv-replica/lifecycle").diff(id, olds, news),
  create: async (inputs) => require("pulumi-hyperv-replica/lifecycle").create(inputs),
  read: async (id, props) => require("pulumi-hyperv-replica/lifecycle").read(id, props),
  update: async (id, olds, news) => require("pulumi-hyperv-replica/lifecycle").update(id, olds, news),
  delete: async (id, props) => require("pulumi-hyperv-replica/lifecycle").delete(id, props),
};
