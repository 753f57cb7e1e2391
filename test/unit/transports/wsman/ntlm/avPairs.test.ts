import fc from "fast-check";
import { avId, encodeAvPairs, parseAvPairs } from "../../../../../provider/transports/wsman/ntlm/avPairs";
import { hex, targetInfo } from "./specification";

test("the pairs of MS-NLMP, section 4.2.4, are read and written as they stand there", () => {
  const pairs = parseAvPairs(targetInfo);
  expect(pairs.map(({ id, value }) => [id, value.toString("utf16le")])).toEqual([
    [avId.nbDomainName, "Domain"],
    [avId.nbComputerName, "Server"],
  ]);
  expect(encodeAvPairs(pairs)).toEqual(targetInfo);
});

test("pairs come through unchanged, kinds that are not known included", () => {
  const pair = fc.record({ id: fc.integer({ min: 11, max: 0xffff }), value: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 8 }), fc.uint8Array({ maxLength: 9 }), (drawn, behind) => {
      const pairs = drawn.map(({ id, value }) => ({ id, value: Buffer.from(value) }));
      expect(parseAvPairs(Buffer.concat([encodeAvPairs(pairs), behind]))).toEqual(pairs);
    }),
  );
});

test.each([
  ["", "its list of pairs does not end"],
  ["000000", "its list of pairs does not end"],
  ["01000200 4100", "its list of pairs does not end"],
  ["01000300 4100", "the value of pair 1 goes beyond its end"],
  ["0100ffff", "the value of pair 1 goes beyond its end"],
  ["06000300 020000 00000000", "pair 6 has 3 bytes instead of 4"],
  ["07000900 010203040506070809 00000000", "pair 7 has 9 bytes instead of 8"],
])("target information of the bytes %j is refused", (bytes, why) => {
  expect(() => parseAvPairs(hex(bytes))).toThrow(
    `the target information of the host's NTLM challenge is malformed: ${why}`,
  );
});
