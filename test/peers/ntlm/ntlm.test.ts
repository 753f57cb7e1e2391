import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WsmanConnection } from "../../../provider/transports/wsman/connection";
import { hasModules } from "../front/acceptor";
import { errorOf, type Opened, testRequests } from "../front/requests";
import { closeStands, openClient, openStand, type StandSettings } from "../front/stand";

// An independent implementation authenticates the client by NTLM and opens its encrypted messages, over many requests. Required
// is a Python 3 with the packages pyspnego and cryptography (pip install pyspnego); HYPERV_REPLICA_TEST_PYTHON names another one
// than python3. Without it the tests count as skipped.

const withPeer = hasModules("spnego", "cryptography") ? test : test.skip;
const user = { username: "CONTOSO\\operator", password: "P@ssw0rd-Ünï" };

let folder: string;
let environment: NodeJS.ProcessEnv;
// Neither hook runs where all tests are skipped.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "peers-ntlm-"));
  const accounts = join(folder, "accounts");
  // Heimdal's form, which pyspnego reads: domain, user, password.
  writeFileSync(accounts, `CONTOSO:operator:${user.password}\n`);
  // 5: neither NTLMv1 nor LM is taken.
  environment = { NTLM_USER_FILE: accounts, LM_COMPAT_LEVEL: "5" };
});
afterEach(closeStands);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function open(settings: StandSettings, connection: Partial<WsmanConnection> = {}): Promise<Opened> {
  const stand = await openStand({ environment, ...settings });
  return { ...stand, client: openClient({ ...stand.place, auth: "negotiate", ...user, ...connection }) };
}

const authentication = { scheme: "Negotiate", protocol: "ntlm", user: user.username } as const;
testRequests("NTLM on plain HTTP", withPeer, { ...authentication, isEncrypted: true }, async () =>
  open({ tls: false }),
);
testRequests("NTLM over TLS", withPeer, { ...authentication, isEncrypted: false }, async () => open({ tls: true }));

withPeer.each([true, false])("a host that requires authentication with each request gets it (TLS: %s)", async (tls) => {
  const { client, acceptor } = await open({ tls, everyRequest: true });
  for (let count = 0; count < 3; count += 1) {
    expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  }
  expect((await acceptor.report()).map(({ what }) => what)).toEqual(Array(3).fill(["authenticated", "message"]).flat());
});

withPeer("authentication that is bound to the certificate of another server is refused", async () => {
  const { client, acceptor, administration } = await open({ tls: true, isBoundToAnother: true });
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(await acceptor.report()).toEqual([{ what: "refused", scheme: "Negotiate", why: "BadBindingsError" }]);
  expect(await administration.readJournal()).toEqual([]);
});

withPeer("authentication over TLS is bound to the channel where the certificate is pinned, too", async () => {
  const stand = await openStand({ environment, tls: true });
  const { caFile, ...place } = stand.place;
  const certificateThumbprint = new X509Certificate(readFileSync(caFile ?? "")).fingerprint256;
  const client = openClient({ ...place, auth: "negotiate", ...user, certificateThumbprint });
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  expect((await stand.acceptor.report()).map(({ what }) => what)).toEqual(["authenticated", "message"]);
});

withPeer.each([true, false])("a wrong password is refused, and not shown (TLS: %s)", async (tls) => {
  const { client, acceptor } = await open({ tls }, { password: "not the one" });
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toContain(
    "the host does not accept the credentials (status 401). Check the user name, the password",
  );
  expect(JSON.stringify(failure)).not.toContain("not the one");
  expect((await acceptor.report()).map(({ what }) => what)).toEqual(["refused"]);
});

withPeer("the error of a host that accepts only tickets says so", async () => {
  const { client, acceptor } = await open({ tls: true, schemes: ["Kerberos"] });
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toContain("The host accepts Kerberos.");
  expect(await acceptor.report()).toEqual([]);
});
