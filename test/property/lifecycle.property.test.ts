import * as fc from "fast-check";
import { anyCase, type Case, powerShellCase, wsmanCase } from "./cases";
import { describeCase } from "./describeCase";
import { runCase } from "./runCase";
import { writtenCases } from "./writtenCases";

/** How many cases; a long night's worth by `PROPERTY_RUNS`. */
const runs = Number(process.env.PROPERTY_RUNS ?? 2_000);
/** Another one every time, but the same where a change waits to land; `PROPERTY_SEED` repeats a run that failed. */
const seed = Number(process.env.PROPERTY_SEED ?? (process.env.CI ? 1 : Date.now() % 0x7fff_ffff));
/** So many at a time, each with a seed of its own: a long run says how far it is, and frees what is behind it. */
const chunk = 2_000;

const chunks = Array.from({ length: Math.ceil(runs / chunk) }, (_, nth) => ({
  numRuns: Math.min(chunk, runs - nth * chunk),
  seed: seed + nth,
}));

test.each(writtenCases.map((one, nth) => ({ one, nth })))(
  "holds every invariant in written case $nth",
  async ({ one }) => {
    const end = await runCase(one);
    expect(end.violations.length === 0 ? "" : describeCase(one, end)).toBe("");
  },
);

async function checkAll(cases: fc.Arbitrary<Case>, numRuns: number, ofChunk: number): Promise<void> {
  const startedAt = performance.now();
  const property = fc.asyncProperty(cases, async (one) => {
    const end = await runCase(one);
    if (end.violations.length > 0) throw new Error(describeCase(one, end));
  });
  const result = await fc.check(property, { numRuns, seed: ofChunk });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  process.stdout.write(`PROPERTY_SEED=${ofChunk} PROPERTY_RUNS=${numRuns}: ${result.numRuns} cases in ${seconds} s\n`);
  if (!result.failed) return;
  const { errorInstance, numRuns: nth, numShrinks } = result;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`PROPERTY_SEED=${ofChunk} PROPERTY_RUNS=${nth}, shrunk ${numShrinks} times:\n${why}`);
}

test.each(chunks)(
  "holds every invariant in $numRuns random cases (PROPERTY_SEED=$seed)",
  async ({ numRuns, seed: ofChunk }) => checkAll(anyCase, numRuns, ofChunk),
  1_800_000,
);

/** Of so many cases one goes through PowerShell: they take longer, and differ only in what goes wrong on the way. */
const ofWhich = 5;
/** Those over WS-Management take longest: every message is sealed, written and read. */
const ofWhichOverWsman = 20;

test.each(chunks)(
  "holds every invariant in a fifth of $numRuns random cases through PowerShell (PROPERTY_SEED=$seed)",
  async ({ numRuns, seed: ofChunk }) => checkAll(powerShellCase, Math.ceil(numRuns / ofWhich), ofChunk),
  1_800_000,
);

test.each(chunks)(
  "holds every invariant in a twentieth of $numRuns random cases over WS-Management (PROPERTY_SEED=$seed)",
  async ({ numRuns, seed: ofChunk }) => checkAll(wsmanCase, Math.ceil(numRuns / ofWhichOverWsman), ofChunk),
  1_800_000,
);
