import { returnCodeName, returnCodes } from "../../../provider/core/hyperv/returnCode";
import type { Timeline } from "../../support/fakeHost";
import { code, type Row, table } from "../markdown";
import { type Came, rehearse } from "../rehearsal";
import { ending } from "../wording";

/** A number that is not documented. */
const undocumented = 40_000;

/** A resync that begins shortly after the call, whatever the call returned. */
const begins: Timeline = [
  [5, { state: 10, jobs: [{}] }],
  [600, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
];

/** Every value that `Resynchronize` can return, with what a run then does. */
export async function returnCodesTable(): Promise<string> {
  const rows = [...returnCodes.keys(), undocumented].map(async (value): Promise<Row> => {
    const [nothing, something] = await Promise.all([comesTo(value, []), comesTo(value, begins)]);
    const known = returnCodes.get(value);
    const ends = [ending(nothing), ending(something)];
    if (known === undefined) {
      const name = returnCodeName(value).replace(/ \(.*/, "");
      return ["any other", name, "no public source names it", effectOf(nothing), ...ends, remedyIn(nothing)];
    }
    return [String(value), known.name, known.meaning, known.effect, ...ends, known.remedy];
  });
  const header = ["Code", "Name", "The host says", "Begun?", "If nothing begins", "If a resync begins", "What you do"];
  return table(header, await Promise.all(rows));
}

/** A new resource for a VM in state 9, whose call returns this value. */
async function comesTo(returnCode: number, then: Timeline): Promise<Came> {
  const jobId = returnCode === 4096 ? { jobId: "job-1" } : {};
  return rehearse({
    script: { starts: [{ reply: { returnCode, ...jobId }, then }] },
    inputs: { timeoutSeconds: 3_600 },
  });
}

/** What a run took an undocumented code to mean. */
function effectOf({ outputs }: Came): string {
  return outputs?.outcome === "unknown" ? "unknown" : `not kept as ${code("unknown")}`;
}

function remedyIn({ error }: Came): string {
  return /\. ([^.]*) \[\w+\]$/.exec(error ?? "")?.[1] ?? "";
}
