import type { ProgressSink } from "../core/host/ports";
import type { ResolvedConnection } from "../connection/sources";

/** Warns of what a connection gives up, once in every run and for every host. */
export function warnOfConnection(
  { host, hosts, insecureSkipVerify }: ResolvedConnection,
  announced: Set<string>,
  progress: ProgressSink,
): void {
  if (insecureSkipVerify !== true) return;
  const name = host ?? hosts?.join(", ") ?? "the host";
  const key = `insecureSkipVerify ${name}`;
  if (announced.has(key)) return;
  announced.add(key);
  progress.warn(
    `the certificate of ${name} is not checked (insecureSkipVerify): whoever answers in its place gets the credentials`,
  );
}
