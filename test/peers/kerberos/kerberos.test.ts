import type { WsmanConnection } from "../../../provider/transports/wsman/connection";
import { hasModules } from "../front/acceptor";
import { startClient } from "../front/clientProcess";
import { errorOf, type Opened, testRequests } from "../front/requests";
import { hasPackage, kerberosPackage, encryptingPackage } from "./kerberosPackage";
import { hasKerberos, Realm, realmName } from "./realm";
import { isPeersRun } from "../runner/isPeersRun";
import { closeStands, keep, openStand, type StandSettings, vmId } from "../front/stand";

// An independent implementation accepts the tickets and opens the encrypted messages of Kerberos, over many requests, in a realm of
// the test's own. Required are
// - MIT Kerberos with its servers (Debian: krb5-kdc, krb5-admin-server, krb5-user), and libkrb5-dev with a compiler for what follows,
// - a Python 3 with pyspnego, gssapi and krb5 (pip install "pyspnego[kerberos]"); HYPERV_REPLICA_TEST_PYTHON names another one than python3,
// - the npm package kerberos (npm install --no-save kerberos; where npm runs no scripts of packages, npm rebuild kerberos too).
// They require neither root nor a port below 1024. Without one of these, and in npm test, they count as skipped.
//
// kerberos 7.0.0 wraps four bytes whatever it is given (src/unix/kerberos_gss.cc, authenticate_gss_client_wrap: `if (user)` of a
// pointer that is never null), so no message can be encrypted with it. HYPERV_REPLICA_TEST_KERBEROS names the folder of one that was built
// with `if (user && *user)`: then encrypted messages are tested as well.

const hasPeer = isPeersRun && hasKerberos() && hasModules("spnego", "gssapi", "krb5", "cryptography");
const withRealm = hasPeer && hasPackage(kerberosPackage) ? test : test.skip;
const withEncryption = hasPeer && encryptingPackage !== undefined && hasPackage(encryptingPackage) ? test : test.skip;
const withoutEncryption = hasPeer && hasPackage("kerberos") ? test : test.skip;
const username = `operator@${realmName}`;

let realm: Realm;
let environment: NodeJS.ProcessEnv;
// Neither hook runs where all tests are skipped.
beforeAll(async () => {
  realm = await Realm.start();
  await realm.administer("add_principal -pw secret operator");
});
beforeEach(() => {
  environment = realm.newUser();
});
afterEach(closeStands);
afterAll(async () => realm.stop());

/** A client without tickets of its own: a test gives it some, or a keytab. */
async function open(settings: StandSettings, connection: Partial<WsmanConnection> = {}): Promise<Opened> {
  const stand = await openStand({ environment: realm.hostEnvironment, ...settings });
  return { ...stand, client: keep(startClient({ ...stand.place, auth: "kerberos", ...connection }, environment)) };
}

async function openWithTickets(settings: StandSettings): Promise<Opened> {
  await realm.kinit("operator", "secret", environment);
  return open(settings);
}

/** The tickets of a test that waits for their end: long enough for one request of a client that has started. */
const shortLife = "5s";

/** Returns when the process of a client without tickets runs: that may take longer than tickets live. */
async function untilStarted(client: Opened["client"]): Promise<void> {
  expect(errorOf(await client.ask({ do: "readService" }))).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
}

const authentication = { scheme: "Kerberos", protocol: "kerberos", user: username } as const;
testRequests("tickets of kinit over TLS", withRealm, { ...authentication, isEncrypted: false }, async () =>
  openWithTickets({ tls: true }),
);
testRequests("a keytab over TLS", withRealm, { ...authentication, isEncrypted: false }, async () =>
  open({ tls: true }, { keytab: await realm.keytabOf("operator"), username }),
);
testRequests("tickets of kinit on plain HTTP", withEncryption, { ...authentication, isEncrypted: true }, async () =>
  openWithTickets({ tls: false }),
);
testRequests("a keytab on plain HTTP", withEncryption, { ...authentication, isEncrypted: true }, async () =>
  open({ tls: false }, { keytab: await realm.keytabOf("operator"), username }),
);

withoutEncryption("a package that cannot encrypt is refused on plain HTTP, and no message is sent", async () => {
  environment = { ...environment, HYPERV_REPLICA_TEST_KERBEROS: undefined };
  const { client, acceptor, administration } = await openWithTickets({ tls: false });
  const failure = errorOf(await client.ask({ do: "startResync", vmId }));
  expect(failure).toMatchObject({ code: "REFUSED", effect: "none" });
  expect(failure.message).toMatch(/package "kerberos" does not encrypt whole messages.*Use TLS \(port 5986\)/);
  expect((await acceptor.report()).filter(({ what }) => what !== "authenticated")).toEqual([]);
  expect(await administration.readJournal()).toEqual([]);
});

const onEachWay = [
  ["over TLS", true, withRealm],
  ["on plain HTTP", false, withEncryption],
] as const;
for (const [way, tls, register] of onEachWay) {
  register(`a host that requires authentication with each request gets it, ${way}`, async () => {
    const { client, acceptor } = await openWithTickets({ tls, everyRequest: true });
    for (let count = 0; count < 3; count += 1) {
      expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
    }
    expect((await acceptor.report()).map(({ what }) => what)).toEqual(
      Array(3).fill(["authenticated", "message"]).flat(),
    );
  });
}

/** The message of a read that must fail without having reached the front. */
async function refusedMessage({ client, acceptor }: Opened): Promise<string> {
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toContain("Get a ticket with kinit or name a keytab");
  expect(await acceptor.report()).toEqual([]);
  return failure.message;
}

withRealm("without a ticket the message has the library's own reason", async () => {
  expect(await refusedMessage(await open({ tls: true }))).toMatch(/No Kerberos credentials available/);
});

withRealm("an expired ticket is named as expired", async () => {
  await realm.kinit("operator", "secret", environment, "1s");
  await realm.untilExpired(environment);
  expect(await refusedMessage(await open({ tls: true }))).toMatch(/expired/i);
});

withRealm("a start with an expired ticket that the host still accepts counts as one that may be made", async () => {
  const lenient = await Realm.start({ clockSkewSeconds: 300 });
  try {
    environment = lenient.newUser();
    await lenient.administer("add_principal -pw secret operator");
    const { client, acceptor, administration } = await open({ tls: true, environment: lenient.hostEnvironment });
    await untilStarted(client);
    await lenient.kinit("operator", "secret", environment, shortLife);
    expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
    await lenient.untilOutdated(environment);
    await acceptor.forget();
    expect(errorOf(await client.ask({ do: "startResync", vmId }))).toMatchObject({ effect: "unknown" });
    const calls = (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize");
    expect(calls).toHaveLength(1);
  } finally {
    await lenient.stop();
  }
});

withRealm("a keytab from before the last change of the password is named as the cause", async () => {
  await realm.administer("add_principal -pw first changed");
  const keytab = await realm.keytabOf("changed");
  await realm.administer("change_password -pw second changed");
  const stand = await open({ tls: true }, { keytab, username: `changed@${realmName}` });
  expect(await refusedMessage(stand)).toMatch(/Preauthentication failed|password|key/i);
});

withRealm("tickets of another user than the one that is named are not used", async () => {
  await realm.kinit("operator", "secret", environment);
  const stand = await open({ tls: true }, { username: `another@${realmName}` });
  expect(await refusedMessage(stand)).toMatch(/another@EXAMPLE\.TEST|credentials/);
});

withRealm("the error of a host that accepts no tickets says what it accepts", async () => {
  const { client, acceptor } = await openWithTickets({ tls: true, schemes: ["Negotiate"] });
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toContain("The host accepts Negotiate.");
  expect(await acceptor.report()).toEqual([]);
});

withRealm("a host that the realm does not know, and a realm that does not answer, are named as the cause", async () => {
  const lonely = await Realm.start();
  try {
    environment = lonely.newUser();
    await lonely.administer("add_principal -pw secret operator", "delete_principal -force WSMAN/localhost");
    await lonely.kinit("operator", "secret", environment);
    expect(await refusedMessage(await open({ tls: true, environment: lonely.hostEnvironment }))).toMatch(
      /not found in Kerberos database/,
    );
    await lonely.stopKdc();
    expect(await refusedMessage(await open({ tls: true, environment: lonely.hostEnvironment }))).toMatch(
      /Cannot contact any KDC/,
    );
  } finally {
    await lonely.stop();
  }
});

withEncryption("a session keeps working after its tickets expire where a keytab gives new ones", async () => {
  await realm.administer("add_principal -maxlife 5seconds -randkey shortlived");
  const connection = { keytab: await realm.keytabOf("shortlived"), username: `shortlived@${realmName}` };
  const { client, acceptor } = await open({ tls: false }, connection);
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  await realm.untilExpired(environment);
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  const happened = (await acceptor.report()).map(({ what }) => what);
  expect(happened).toEqual(["authenticated", "message", "expired", "authenticated", "message"]);
});

withEncryption("a session whose tickets of kinit have expired says so", async () => {
  const { client } = await open({ tls: false });
  await untilStarted(client);
  await realm.kinit("operator", "secret", environment, shortLife);
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  await realm.untilExpired(environment);
  const failure = errorOf(await client.ask({ do: "startResync", vmId }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toMatch(/expired.*Get a ticket with kinit/i);
});
