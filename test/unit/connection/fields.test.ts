import { connectionSchema } from "../../../provider/connection/fields";

const { certificateThumbprint } = connectionSchema.shape;

test.each([
  ["SHA-1", "ab".repeat(20)],
  ["SHA-1 with colons, spaces and capitals", "AB:CD ".repeat(9) + "AB:CD"],
  ["SHA-256", "ab".repeat(32)],
  ["SHA-256 with colons", "ab:".repeat(31) + "ab"],
])("a thumbprint of %s is accepted", (_, text) => {
  expect(certificateThumbprint.safeParse(text).success).toBe(true);
});

test.each([38, 42, 62, 66])("a thumbprint of %i digits is refused", (digits) => {
  expect(certificateThumbprint.safeParse("a".repeat(digits)).error?.issues[0]?.message).toMatch(
    /^expected the thumbprint of a certificate, 40 \(SHA-1\) or 64 \(SHA-256\) hexadecimal digits$/,
  );
});

test("hosts is not a field", () => {
  expect(connectionSchema.safeParse({ hosts: ["hv01"] }).success).toBe(false);
});
