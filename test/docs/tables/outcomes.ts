import { hasEnded, type Outcome, outcomes } from "../../../provider/core/record/record";
import { code, table } from "../markdown";

/** What each outcome means for an operator. */
const meanings: Readonly<Record<Outcome, readonly [meaning: string, next: string]>> = {
  completed: ["The relationship replicates normally again", "Nothing. Recovery points build up again"],
  skipped: ["No call was needed: `reason` says why", "Nothing, unless a warning says that replication is suspended"],
  scheduled: [
    "The host has accepted the request for `request.scheduledStartTime`",
    "Nothing, or run `up` again to wait for it. A refresh after that time records the end",
  ],
  started: [
    "The host has accepted the request, and the end has not been seen",
    "Run `up` again to keep waiting, or `refresh` to look once",
  ],
  unknown: [
    "The call may have reached the host, and nothing shows that it did",
    "Look at the VM. Then run `up` again: it looks before it calls",
  ],
  cancelled: [
    'Cancelled by `onTimeout: "cancel"`. The VM is unprotected, in state 9',
    "Raise `timeoutSeconds`, then run `up` again: the resync starts from the beginning",
  ],
  failed: [
    "The request ended badly: `reason` says how",
    "Fix what `reason` names, then run `up` again, not before `failures.nextAttemptAt`",
  ],
};

/** Every outcome with what it means, and what a plain `up` does when nothing has changed in the program. */
export function outcomesTable(): string {
  const again = (outcome: Outcome, wait: "completed" | "started"): string =>
    hasEnded(outcome, wait) ? "no change" : "resumes the request";
  return table(
    ["`outcome`", "Meaning", "What you do", 'Next `up`, `wait: "completed"`', 'Next `up`, `wait: "started"`'],
    outcomes.map((outcome) => {
      const [meaning, next] = meanings[outcome];
      return [code(outcome), meaning, next, again(outcome, "completed"), again(outcome, "started")];
    }),
  );
}
