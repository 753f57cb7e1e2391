import { code, type Row, table } from "../markdown";
import { Rehearsal } from "../rehearsal";
import { type Combination, type Family, grouped } from "./grouped";
import { families, scenes, stored } from "./scenes";

/** What a refresh records, by what the state holds and what the host shows. */
export async function refreshTable(): Promise<string> {
  const names: readonly Family[] = [["any", [...stored.keys()]], ...families];
  const rows = await Promise.all(
    scenes.map(async ({ title, timeline }) => {
      const combinations = [...stored].map(async ([name, kept]): Promise<Combination> => {
        const rehearsal = new Rehearsal({ script: { timeline }, stored: kept });
        const outputs = await rehearsal.refresh();
        const outcome = outputs.outcome === kept.outcome ? "stays" : `becomes ${code(String(outputs.outcome))}`;
        const warnings = Array.isArray(outputs.warnings) ? outputs.warnings.map(String) : [];
        return { stored: name, policy: "any", cells: [outcome, kindOf(warnings)] };
      });
      return grouped(await Promise.all(combinations), names).map((row): Row => [title, ...row]);
    }),
  );
  return table(["The host shows", "The state holds", "`outcome`", "Warns"], rows.flat());
}

function kindOf(warnings: readonly string[]): string {
  if (warnings.length === 0) return "no";
  const isUnread = warnings.some((warning) => warning.startsWith("at the last refresh"));
  return isUnread ? "that it could not be read" : "that it is paused";
}
