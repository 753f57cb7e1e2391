import {
  completed,
  failsForNow,
  inNeed,
  jobFails,
  refused,
  resyncSeconds,
  type Row,
  type Stand,
  type Stands,
  staysSo,
  timedOut,
} from "./stand";

/*
 * Written by hand from what the package promises, not from its code: codes and ends are listed again here, so that a
 * wrong entry there is noticed.
 */

/** Codes that mean no: nothing had begun, so the next up asks again. Of each remedy one word. */
const rejections: readonly (readonly [code: number, name: string, remedy: string])[] = [
  [32768, "Failed", "event log"],
  [32769, "AccessDenied", "Hyper-V Administrators"],
  [32770, "NotSupported", "test replica"],
  [32773, "InvalidParameter", "7 days"],
  [32774, "SystemInUse", "backup"],
  [32775, "InvalidState", "failover"],
  [32776, "IncorrectDataType", "bug"],
  [32777, "SystemNotAvailable", "Virtual Machine Management service"],
  [32778, "OutOfMemory", "memory"],
  [32779, "FileNotFound", "storage paths"],
];

/** Codes after which a resync may be running: the host is read for a minute. Undocumented ones are among them. */
const openCodes: readonly (readonly [code: number, name: string])[] = [
  [32771, "StatusUnknown"],
  [32772, "Timeout"],
  [1, "undocumented"],
  [4097, "undocumented"],
  [40000, "undocumented"],
];

const accepted: readonly Row[] = [0, 4096].map((code) => codeRow(code, staysSo(completed(1))));

const rejected: readonly Row[] = rejections.map(([code, name, remedy]) =>
  codeRow(code, {
    first: refused(1, `${code} (${name})`, "state 9 (resynchronizationRequired)", remedy, "[REJECTED]"),
    second: refused(2, `${code} (${name})`, remedy, "[REJECTED]"),
  }),
);

const left: readonly Row[] = openCodes.flatMap(([code, name]) => {
  const unknown: Stand = { outcome: "unknown", calls: 1, says: [`Resynchronize returned ${code} (${name}`] };
  // Its own host: the others would queue behind the minute.
  return [
    { ...codeRow(code, failsForNow(staysSo(unknown))), host: `HVOPEN${code}` },
    { ...codeRow(code, staysSo(completed(1)), true), name: `code-${code}-begun`, host: `HVBEGUN${code}` },
  ];
});

function codeRow(returnCode: number, stands: Stands, startsAnyway = false): Row {
  const resync = { seconds: resyncSeconds, returnCode, startsAnyway };
  return { name: `code-${returnCode}`, host: "HVCODES", state: inNeed, resync, returnCode, ...stands };
}

type End = "success" | "warning" | "exception" | "terminated" | "killed" | "stuck";

const ends: Readonly<Record<End, Stands>> = {
  success: staysSo(completed(1)),
  warning: { first: { ...completed(1), warns: "completed with warnings" }, second: completed(1) },
  exception: failsForNow(jobFails(10, "exception")),
  terminated: failsForNow(jobFails(8, "terminated")),
  killed: failsForNow(jobFails(9, "killed")),
  stuck: staysSo(timedOut(1, "state resynchronizing", "50 %", "Run up again")),
};

/** Every value that the call can return, with and without a resync that begins anyway. */
export const codeRows: readonly Row[] = [...accepted, ...rejected, ...left];

/** Every end that a job can have. */
export const jobRows: readonly Row[] = Object.entries(ends).map(([end, stands]) => ({
  name: `end-${end}`,
  host: "HVENDS",
  state: inNeed,
  resync: { seconds: resyncSeconds, end: end as End },
  ...stands,
}));
