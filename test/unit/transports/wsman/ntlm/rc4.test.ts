import { Rc4 } from "../../../../../provider/transports/wsman/ntlm/rc4";
import { hex } from "./specification";

const key128 = "0102030405060708090a0b0c0d0e0f10";

// RFC 6229, section 2.
test.each([
  ["0102030405", 0, "b2396305f03dc027ccc3524a0a1118a8"],
  [key128, 0, "9ac7cc9a609d1ef7b2932899cde41b97"],
  [key128, 16, "5248c4959014126a6e8a84f11d1a9e1c"],
  [key128, 240, "065902e4b620f6cc36c8589f66432f2b"],
  [key128, 256, "d39d566bc6bce3010768151549f3873f"],
  [key128, 4080, "ff38265c1642c1abe8d3c2fe5e572bf8"],
  [key128, 4096, "a36a4c301ae8ac13610ccbc12256cacc"],
])("the key stream of %s at %i is what RFC 6229 says", (key, offset, stream) => {
  const zeros = Buffer.alloc(offset + 16);
  expect(new Rc4(hex(key)).apply(zeros).subarray(offset).toString("hex")).toBe(stream);
});

test("the key stream goes on from one message to the next", () => {
  const whole = new Rc4(hex(key128)).apply(Buffer.alloc(40));
  const cipher = new Rc4(hex(key128));
  const parts = [0, 1, 16, 0, 23].map((length) => cipher.apply(Buffer.alloc(length)));
  expect(Buffer.concat(parts)).toEqual(whole);
});

test("the same call opens what it encrypted, and leaves what it is given as it was", () => {
  const message = Buffer.from("resynchronize");
  const sealed = new Rc4(hex(key128)).apply(message);
  expect(message.toString()).toBe("resynchronize");
  expect(new Rc4(hex(key128)).apply(sealed)).toEqual(message);
});
