/** Values of MS-NLMP, section 4.2, each with its own section. */

export const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

/** Section 4.2.1. */
export const common = {
  user: "User",
  domain: "Domain",
  password: "Password",
  workstation: "COMPUTER",
  sessionKey: hex("55555555555555555555555555555555"),
  time: hex("0000000000000000"),
  clientChallenge: hex("aaaaaaaaaaaaaaaa"),
  serverChallenge: hex("0123456789abcdef"),
};

/** Section 4.2.4.1.1. */
export const ntowfv2 = hex("0c868a403bfd7a93a3001ef22ef02e3f");
/** Section 4.2.4.1.2. */
export const sessionBaseKey = hex("8de40ccadbc14a82f15cb0ad0de95ca3");
/** The pairs in section 4.2.4.1.3, with the one that ends them. */
export const targetInfo = hex(`
  02000c00 44006f006d00610069006e00
  01000c00 530065007200760065007200
  00000000`);
/** Section 4.2.4.1.3. */
export const temp = hex(`
  0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
  02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000 00000000`);
/** Section 4.2.4.2.1. */
export const lmv2Response = hex("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
/** Section 4.2.4.2.2: the first 16 bytes of the response. */
export const ntProof = hex("68cd0ab851e51c96aabc927bebef6a1c");
/** Section 4.2.4.2.3. */
export const encryptedSessionKey = hex("c5dad2544fc9799094ce1ce90bc9d03e");

/** Section 4.2.4.3, the CHALLENGE. */
export const challengeMessage = hex(`
  4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
  2400240044000000 060070170000000f
  530065007200760065007200
  02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000`);

/** Section 4.2.4.3, the AUTHENTICATE: without a MIC, as clients sent it before there was one. */
export const authenticateMessage = hex(`
  4e544c4d53535000 03000000 180018006c000000 5400540084000000 0c000c0048000000 0800080054000000
  100010005c000000 10001000d8000000 358288e2 0501280a0000000f
  44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
  86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa
  68cd0ab851e51c96aabc927bebef6a1c
  0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
  02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000 00000000
  c5dad2544fc9799094ce1ce90bc9d03e`);

/** Section 4.2.4.4. */
export const wrapped = {
  plaintext: hex("50006c00610069006e007400650078007400"),
  sealKey: hex("59f600973cc4960a25480a7c196e4c58"),
  signKey: hex("4788dc861b4782f35d43fd98fe1a2d39"),
  data: hex("54e50165bf1936dc996020c1811b0f06fb5f"),
  signature: hex("010000007fb38ec5c55d497600000000"),
};
