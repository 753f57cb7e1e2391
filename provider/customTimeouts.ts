import * as pulumi from "@pulumi/pulumi";

/** Seconds in the units of a Go duration. Source: "time.ParseDuration", go.dev. */
const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };

/**
 * The wait that `timeoutSeconds` and the resource option `customTimeouts` ask for. The option does not reach a dynamic
 * provider, so it is turned into the input; an explicit input wins.
 * @throws `pulumi.RunError` when the option cannot be honoured.
 */
export function timeoutSecondsOf(
  name: string,
  explicit: pulumi.Input<number> | undefined,
  option: pulumi.CustomTimeouts | undefined,
): pulumi.Input<number> | undefined {
  if (explicit !== undefined || option === undefined) return explicit;
  const { create, update } = option;
  if (create !== undefined && update !== undefined && toSeconds(name, create) !== toSeconds(name, update)) {
    throw new pulumi.RunError(
      `ReplicaResync "${name}": customTimeouts.create (${create}) and customTimeouts.update (${update}) differ: both wait for the same resynchronization. Give both the same value, or use the input "timeoutSeconds"`,
    );
  }
  const duration = create ?? update;
  return duration === undefined ? undefined : toSeconds(name, duration);
}

function toSeconds(name: string, duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    throw new pulumi.RunError(
      `ReplicaResync "${name}": customTimeouts: expected a duration such as "90m" or "1h30m", got "${duration}"`,
    );
  }
  return parts.reduce((seconds, [, count, unit]) => seconds + Number(count) * (unitSeconds[unit ?? ""] ?? 0), 0);
}
