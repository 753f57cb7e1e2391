import type { ResyncRecord } from "../../../provider/core/record/record";
import type { Policy } from "../../../provider/core/record/request";
import { code, type Row, table } from "../markdown";
import { type Came, rehearse } from "../rehearsal";
import { counting, deeds, ending } from "../wording";
import { type Combination, type Family, grouped } from "./grouped";
import { families, requiredAgain, scenes, unfinished } from "./scenes";

/** What an `up` does with a request that an earlier one has left, by what the host shows. */
export async function resumeTable(): Promise<string> {
  const header = ["The host shows", "The state holds", "The `up`", "It ends", "Counted as a failure"];
  const rows = await resumeRows(unfinished, ["ifRequired", "always"], (came, kept) => [
    deeds(came),
    ending(came, kept),
    counting(came, kept),
  ]);
  return table(header, rows);
}

/** What an `up` does for a VM that a refresh has found to require a resync again, by what the host shows now. */
export async function healTable(): Promise<string> {
  const rows = await resumeRows(requiredAgain, ["ifRequired"], (came, kept) => [deeds(came), ending(came, kept)]);
  return table(["The host shows", "Since the request ended", "The `up`", "It ends"], rows);
}

async function resumeRows(
  records: ReadonlyMap<string, ResyncRecord>,
  policies: readonly Policy[],
  cellsOf: (came: Came, kept: ResyncRecord) => Row,
): Promise<readonly Row[]> {
  const names: readonly Family[] = [["any", [...records.keys()]], ...families];
  const rows = await Promise.all(
    scenes.map(async ({ title, timeline }) => {
      const combinations = [...records].flatMap(([stored, kept]) =>
        policies.map(async (policy): Promise<Combination> => {
          const inputs = { policy, timeoutSeconds: 3_600 };
          const came = await rehearse({ script: { timeline }, inputs, stored: kept });
          return { stored, policy: code(policy), cells: cellsOf(came, kept) };
        }),
      );
      return grouped(await Promise.all(combinations), names).map((row): Row => [title, ...row]);
    }),
  );
  return rows.flat();
}
