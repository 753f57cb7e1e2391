import * as fc from "fast-check";
import * as verbs from "../support/verbs";
import { anyCase } from "./cases";
import type { Properties } from "./chronicle";
import { describeCase } from "./describeCase";
import { group, withGroup } from "./outputsRead";
import type { Replacements } from "./pluginProcess";
import { runCase } from "./runCase";
import { writtenCases } from "./writtenCases";

/** The same words in another order: not a sentence that could be recognized. */
function reworded(text: unknown): unknown {
  return typeof text === "string" ? text.split(" ").reverse().join(" ") : text;
}

/** Outputs with every sentence in other words; applied twice, the original. */
function withOtherSentences(outputs: Properties): Properties {
  const { reason, warnings } = outputs;
  return {
    ...outputs,
    ...(reason !== undefined && { reason: reworded(reason) }),
    ...(Array.isArray(warnings) && { warnings: warnings.map(reworded) }),
  };
}

/** Stored outputs in other words: every sentence, and every name of a state. */
function inOtherWords(olds: Properties): Properties {
  const named = withGroup(withOtherSentences(olds), "replication", {
    state: "a",
    stateBefore: "b",
    mode: "c",
    health: "d",
  });
  return group(olds, "job").id === undefined ? named : withGroup(named, "job", { state: "e" });
}

/** The product, given its own stored outputs in other words. */
const inOtherWordsOnly: Replacements = {
  verbs: {
    diff: (id, olds, news, context) => verbs.diff(id, inOtherWords(olds), news, context),
    update: async (id, olds, news, context) => verbs.update(id, inOtherWords(olds), news, context),
    // A refresh that changes nothing must be seen to change nothing.
    read: async (id, props, context) => {
      const after = await verbs.read(id, inOtherWords(props), context);
      return { id: after.id, props: withOtherSentences(after.props) };
    },
  },
};

test("changes sentences and names, and nothing else", () => {
  const olds = {
    outcome: "started",
    reason: "it is so",
    warnings: ["one two"],
    replication: { state: "replicating", observedAt: "now" },
    job: { id: "job-1", state: "running" },
    internal: { replicationState: 3 },
  };
  expect(inOtherWords(olds)).toEqual({
    outcome: "started",
    reason: "so is it",
    warnings: ["two one"],
    replication: { state: "a", stateBefore: "b", mode: "c", health: "d", observedAt: "now" },
    job: { id: "job-1", state: "e" },
    internal: { replicationState: 3 },
  });
});

test("holds every invariant when every stored sentence and name says something else", async () => {
  const cases = [...writtenCases, ...fc.sample(anyCase, { numRuns: 100, seed: 7 })];
  for (const one of cases) {
    const end = await runCase(one, inOtherWordsOnly);
    expect(end.violations.length === 0 ? "" : describeCase(one, end)).toBe("");
  }
}, 600_000);
