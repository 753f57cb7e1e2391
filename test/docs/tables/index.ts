import { changesTable, previewTable } from "./changes";
import { countsTable } from "./counts";
import { decisionTable } from "./decision";
import { failuresTable } from "./failures";
import { interruptionsTable } from "./interruptions";
import { jobStatesTable } from "./jobStates";
import { otherJobsTable, startTimeTable } from "./otherJobs";
import { outcomesTable } from "./outcomes";
import { refreshTable } from "./refresh";
import { healTable, resumeTable } from "./resume";
import { returnCodesTable } from "./returnCodes";
import { rolesTable } from "./roles";
import { timesTable } from "./times";
import { verbsTable } from "./verbs";
import { waitEndsTable } from "./waitEnds";
import { waitStatesTable } from "./waitStates";

/** Makes a table. */
type Table = () => string | Promise<string>;

/** Every table of the page by the name in its marker. Each asks the package itself. */
export const tables: ReadonlyMap<string, Table> = new Map<string, Table>([
  ["outcomes", outcomesTable],
  ["verbs", verbsTable],
  ["changes", changesTable],
  ["preview", previewTable],
  ["decision", decisionTable],
  ["roles", rolesTable],
  ["other jobs", otherJobsTable],
  ["start time", startTimeTable],
  ["return codes", returnCodesTable],
  ["wait states", waitStatesTable],
  ["job states", jobStatesTable],
  ["wait ends", waitEndsTable],
  ["resume", resumeTable],
  ["heal", healTable],
  ["interruptions", interruptionsTable],
  ["counts", countsTable],
  ["failures", failuresTable],
  ["refresh", refreshTable],
  ["times", timesTable],
]);
