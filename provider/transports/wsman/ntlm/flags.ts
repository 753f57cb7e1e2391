import { ReplicaResyncError } from "../../../core/errors";

/** Bits of `NegotiateFlags`. Source: MS-NLMP, section 2.2.2.5. */
export const negotiateFlag = {
  unicode: 0x0000_0001,
  requestTarget: 0x0000_0004,
  sign: 0x0000_0010,
  seal: 0x0000_0020,
  ntlm: 0x0000_0200,
  alwaysSign: 0x0000_8000,
  extendedSessionSecurity: 0x0008_0000,
  targetInfo: 0x0080_0000,
  version: 0x0200_0000,
  key128: 0x2000_0000,
  keyExchange: 0x4000_0000,
  key56: 0x8000_0000,
} as const;

/** What this client asks for: all that it can, and nothing that belongs to NTLMv1. */
export const offeredFlags = Object.values(negotiateFlag).reduce((all, flag) => (all | flag) >>> 0, 0);

/** Without one of these a password or a message would be worse protected than WinRM wants. */
const required: readonly (readonly [keyof typeof negotiateFlag, string])[] = [
  ["unicode", "Unicode names"],
  ["extendedSessionSecurity", "extended session security"],
  ["targetInfo", "the target information of NTLMv2"],
  ["sign", "signing"],
  ["seal", "sealing"],
  ["key128", "128-bit keys"],
  ["keyExchange", "key exchange"],
];

/**
 * What both sides can, from what the host chose.
 * @throws {@link ReplicaResyncError} when that is too little: NTLMv1, or weaker keys.
 */
export function agreeOn(chosenFlags: number): number {
  const missing = required.filter(([name]) => (chosenFlags & negotiateFlag[name]) === 0).map(([, words]) => words);
  if (missing.length === 0) return (chosenFlags & offeredFlags) >>> 0;
  throw new ReplicaResyncError(
    "AUTH_FAILED",
    `the host offers an NTLM without ${missing.join(", ")}, which is refused`,
    {
      remedy:
        "Let the host's security policy allow NTLMv2 with 128-bit session security, or choose another authentication",
    },
  );
}
