import type { ProgressSink } from "../core/host/ports";
import type { ResolvedConnection } from "../connection/defaults";

/** Warns of what a connection gives up, once in every run and for every host. */
export function warnOfConnection(
  { host = "the host", insecureSkipVerify }: ResolvedConnection,
  announced: Set<string>,
  progress: ProgressSink,
): void {
  if (insecureSkipVerify !== true) return;
  const key = `insecureSkipVerify ${host}`;
  if (announced.has(key)) return;
  announced.add(key);
  progress.warn(
    `the certificate of ${host} is not checked (insecureSkipVerify): whoever answers in its place gets the credentials`,
  );
}
