import { configKeyOf, fieldNames, variableOf } from "../../../provider/connection/fieldNames";
import { connectionSchema } from "../../../provider/connection/fields";

test("the list of fields is that of the schema", () => {
  expect([...fieldNames]).toEqual(Object.keys(connectionSchema.shape));
});

test.each([
  ["host", "HYPERV_REPLICA_HOST"],
  ["caFile", "HYPERV_REPLICA_CA_FILE"],
  ["insecureSkipVerify", "HYPERV_REPLICA_INSECURE_SKIP_VERIFY"],
  ["operationTimeoutSeconds", "HYPERV_REPLICA_OPERATION_TIMEOUT_SECONDS"],
] as const)("the variable of %s is %s", (field, variable) => {
  expect(variableOf(field)).toBe(variable);
});

test("every field has a key and a variable of its own", () => {
  expect(new Set(fieldNames.map(variableOf)).size).toBe(fieldNames.length);
  expect(configKeyOf("caFile")).toBe("hyperv-replica:caFile");
});
