import { forget } from "../../../provider/lifecycle/delete";
import { toOutputs } from "../../../provider/state/outputs";
import { record, vmId } from "../../support/builders";
import { lab } from "../../support/fakeHost";
import { inputs, plugin } from "../../support/fakeStack";
import { ofNewerVersion } from "../state/stored";

test.each([
  ["of this version", toOutputs(inputs(), record()), "web01"],
  ["of a request that has not ended", toOutputs(inputs(), record({ outcome: "started" })), "web01"],
  ["of a newer version", { ...ofNewerVersion(toOutputs(inputs(), record())), outcome: "novel" }, "web01"],
  ["that cannot be read", {}, "the machine"],
])("state %s is removed, and no host is contacted", (_what, props, name) => {
  const { host, log } = lab(vmId);
  const { context, lines, opened } = plugin(host);
  forget(vmId, props, context);
  expect(lines.lines).toEqual([`status: forgetting the request; nothing changes on the host of ${name}`]);
  expect(log.calls).toEqual([]);
  expect(opened()).toBe(0);
});
