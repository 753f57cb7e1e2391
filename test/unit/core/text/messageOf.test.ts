import { ReplicaResyncError } from "../../../../provider/core/errors";
import { messageOf } from "../../../../provider/core/text/messageOf";

test.each([
  [new ReplicaResyncError("UNREACHABLE", "the host is away"), "the host is away"],
  [new Error(""), ""],
  ["away", "away"],
  [undefined, "undefined"],
])("a thrown value says what it is: %#", (thrown, text) => {
  expect(messageOf(thrown)).toBe(text);
});
