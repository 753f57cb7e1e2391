import { humanDuration } from "../../../provider/core/text/duration";
import { countFailure, type FailureCount } from "../../../provider/core/record/failures";
import { startMs } from "../../support/fakeClock";
import { table } from "../markdown";

/** How long the next call is delayed after so many failures in a row, as long as the delay grows. */
export function failuresTable(): string {
  const rows: string[][] = [];
  let count: FailureCount | undefined;
  for (let before = ""; ;) {
    count = countFailure(count, startMs);
    const pause = humanDuration(Date.parse(count.nextAttemptAt ?? "") - startMs);
    if (pause === before) break;
    rows.push([String(count.failuresInRow), pause]);
    before = pause;
  }
  const last = rows.at(-1);
  if (last !== undefined) last[0] = `${last[0] ?? ""} and more`;
  return table(["Failures in a row", "No new call for"], rows);
}
