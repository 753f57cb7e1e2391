import { createHash } from "node:crypto";
import { channelBindingOf, hashOfBindings } from "../../../../../provider/transports/wsman/ntlm/channelBinding";
import { certificate, certificates } from "./certificates";
import { hex } from "./specification";

const prefix = Buffer.from("tls-server-end-point:");

// The example of "NTLM and Channel Binding Hash", Microsoft Open Specifications Support Team Blog.
test("the hash of the bindings is the one of Microsoft's example", () => {
  const digest = hex("ea05fefecc6b0bd571dbbc5baa3ed45386d0446835f7b74c85621b9983475f95");
  expect(hashOfBindings(Buffer.concat([prefix, digest])).toString("hex")).toBe("6586e99d81c2fc984e47172fd4dd0310");
});

test.each([
  ["rsaMd5", "sha256"],
  ["rsaSha1", "sha256"],
  ["pssSha1", "sha256"],
  ["ecdsaSha224", "sha224"],
  ["rsaSha256", "sha256"],
  ["ecdsaSha384", "sha384"],
  ["pssSha384", "sha384"],
  ["rsaSha512", "sha512"],
])("the binding of %s is made with %s", (name, hash) => {
  const digest = createHash(hash).update(certificate(name)).digest();
  expect(channelBindingOf(certificate(name))).toEqual(hashOfBindings(Buffer.concat([prefix, digest])));
});

test("a certificate whose signature has no hash of its own has no binding", () => {
  expect([...certificates].filter(([, { der }]) => channelBindingOf(der) === undefined).map(([name]) => name)).toEqual([
    "ed25519",
  ]);
});
