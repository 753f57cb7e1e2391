import * as fc from "fast-check";
import { anyCase, type Case, powerShellCase, wsmanCase } from "./cases";
import { describeCase } from "./describeCase";
import { runCase } from "./runCase";

/** How many cases in memory; a night's worth by `PROPERTY_RUNS`. */
const runs = Number(process.env.PROPERTY_RUNS ?? 500);
/** One for all shards: jest's global setup chooses it where `PROPERTY_SEED` does not. */
const seed = Number(process.env.PROPERTY_SEED ?? 1);
/** So many at a time, each with its own seed: a long run reports its progress, and frees what is done. */
const chunk = 100;
/** The files that share the chunks. */
const shards = 5;
/** How long one chunk may take; this only ends a case that hangs. */
const chunkTimeoutMs = 1_800_000;

/** The doors of the cases: for one case of each kind there are `ofWhich` in memory, which take the least time. */
const kinds: readonly { readonly what: string; readonly cases: fc.Arbitrary<Case>; readonly ofWhich: number }[] = [
  { what: "", cases: anyCase, ofWhich: 1 },
  { what: " through PowerShell", cases: powerShellCase, ofWhich: 5 },
  // The slowest: every message is encrypted, written and read.
  { what: " over WS-Management", cases: wsmanCase, ofWhich: 20 },
];

/** The tests of one of the files that share the random cases. */
export function checkShard(shard: 0 | 1 | 2 | 3 | 4): void {
  const mine = Array.from({ length: Math.ceil(runs / chunk) }, (_, nth) => ({
    inMemory: Math.min(chunk, runs - nth * chunk),
    ofChunk: seed + nth,
  })).filter((_, nth) => nth % shards === shard);
  const all = mine.flatMap(({ inMemory, ofChunk }) =>
    kinds.map((kind) => ({ ...kind, ofChunk, numRuns: Math.ceil(inMemory / kind.ofWhich) })),
  );
  if (all.length === 0) test.skip("has no part in a run of so few cases", () => undefined);
  else
    test.each(all)(
      "holds every invariant in $numRuns random cases$what (PROPERTY_SEED=$ofChunk)",
      async (one) => checkAll(one),
      chunkTimeoutMs,
    );
}

async function checkAll({
  cases,
  numRuns,
  ofWhich,
  ofChunk,
}: (typeof kinds)[number] & { numRuns: number; ofChunk: number }): Promise<void> {
  const startedAt = performance.now();
  const property = fc.asyncProperty(cases, async (one) => {
    const end = await runCase(one);
    if (end.violations.length > 0) throw new Error(describeCase(one, end));
  });
  const result = await fc.check(property, { numRuns, seed: ofChunk });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  process.stdout.write(`PROPERTY_SEED=${ofChunk}: ${result.numRuns} of ${numRuns} cases in ${seconds} s\n`);
  if (!result.failed) return;
  const { errorInstance, numRuns: nth, numShrinks, counterexamplePath } = result;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  // So many cases in memory that this one is among those of its kind.
  const again = `PROPERTY_SEED=${ofChunk} PROPERTY_RUNS=${Math.min(nth * ofWhich, chunk)}`;
  throw new Error(`${again}, path ${counterexamplePath}, shrunk ${numShrinks} times:\n${why}`);
}
