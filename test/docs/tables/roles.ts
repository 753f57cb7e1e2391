import { checkRole } from "../../../provider/core/decide/checkRole";
import type { RelationshipReading } from "../../../provider/core/host/ports";
import {
  type RelationshipKind,
  replicationMode,
  replicationModeName,
} from "../../../provider/core/hyperv/relationship";
import { link, observation, vmWith } from "../../support/builders";
import { code, table } from "../markdown";

interface VmCase {
  readonly title: string;
  readonly replicationMode: number;
  readonly links?: readonly RelationshipReading[];
}

const bothLinks = [link(), link({ kind: "extended", primaryHost: "HV02", recoveryHost: "HV03" })];
const unknownMode = 9;

const cases: readonly VmCase[] = [
  ...Object.values(replicationMode).map((mode) => ({
    title: `${mode} ${replicationModeName(mode)}`,
    replicationMode: mode,
  })),
  { title: "any other number", replicationMode: unknownMode },
  { title: "1 primary, without a relationship", replicationMode: replicationMode.primary, links: [] },
  { title: "2 replica, without an extended replica", replicationMode: replicationMode.replica, links: [link()] },
  {
    title: "1 primary, of another provider",
    replicationMode: replicationMode.primary,
    links: [link({ providerId: "another GUID" })],
  },
];

/** Every role of a VM with whether a relationship can be resynchronized from there. `HV01` is the host that was asked. */
export function rolesTable(): string {
  const rows = cases.map((one) => [one.title, judged(one, "primary"), judged(one, "extended")]);
  return table(["`ReplicationMode` on this host", '`relationship: "primary"`', '`relationship: "extended"`'], rows);
}

function judged({ replicationMode: mode, links = bothLinks }: VmCase, kind: RelationshipKind): string {
  const chosen = links.find((one) => one.kind === kind);
  const { refusal } = checkRole(observation({ vm: vmWith(links, { replicationMode: mode }), link: chosen }), kind);
  if (refusal === undefined) return "fits: the state decides";
  return `refuse ${code(refusal.code)}: ${refusal.summary}. ${refusal.remedy ?? ""}`;
}
