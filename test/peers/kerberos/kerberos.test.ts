import type { WsmanConnection } from "../../../provider/transports/wsman/connection";
import { hasModules } from "../front/acceptor";
import { startClient } from "../front/clientProcess";
import { errorOf, type Opened, testConversations } from "../front/conversations";
import { hasPackage, kerberosPackage, packageThatSeals } from "./kerberosPackage";
import { hasKerberos, Realm, realmName } from "./realm";
import { isPeersRun } from "../runner/isPeersRun";
import { closeStands, keep, machineId, openStand, type StandSettings } from "../front/stand";

// An independent peer takes the tickets and the seals of Kerberos, over whole conversations, in a realm of the test's own. It takes
// - MIT Kerberos with its servers (Debian: krb5-kdc, krb5-admin-server, krb5-user), and libkrb5-dev with a compiler for what follows,
// - a Python 3 with pyspnego, gssapi and krb5 (pip install "pyspnego[kerberos]"); HYPERV_REPLICA_TEST_PYTHON names another one than python3,
// - the npm package kerberos (npm install --no-save kerberos; where npm runs no scripts of packages, npm rebuild kerberos too).
// No root is needed to run them, and no port below 1024. Without one of these the tests are counted as skipped.
//
// kerberos 7.0.0 wraps four bytes whatever it is given (src/unix/kerberos_gss.cc, authenticate_gss_client_wrap: `if (user)` of a
// pointer that is never null), so nothing can be sealed with it. HYPERV_REPLICA_TEST_KERBEROS names the folder of one that was built
// with `if (user && *user)`: then sealed conversations are held as well.

const hasPeer = isPeersRun && hasKerberos() && hasModules("spnego", "gssapi", "krb5", "cryptography");
const withRealm = hasPeer && hasPackage(kerberosPackage) ? test : test.skip;
const withSeals = hasPeer && packageThatSeals !== undefined && hasPackage(packageThatSeals) ? test : test.skip;
const withoutSeals = hasPeer && hasPackage("kerberos") ? test : test.skip;
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

const logon = { scheme: "Kerberos", protocol: "kerberos", user: username } as const;
testConversations("tickets of kinit over TLS", withRealm, { ...logon, isSealed: false }, async () =>
  openWithTickets({ tls: true }),
);
testConversations("a keytab over TLS", withRealm, { ...logon, isSealed: false }, async () =>
  open({ tls: true }, { keytab: await realm.keytabOf("operator"), username }),
);
testConversations("tickets of kinit on plain HTTP", withSeals, { ...logon, isSealed: true }, async () =>
  openWithTickets({ tls: false }),
);
testConversations("a keytab on plain HTTP", withSeals, { ...logon, isSealed: true }, async () =>
  open({ tls: false }, { keytab: await realm.keytabOf("operator"), username }),
);

withoutSeals("a package that cannot seal is refused on plain HTTP, and no message leaves", async () => {
  environment = { ...environment, HYPERV_REPLICA_TEST_KERBEROS: undefined };
  const { client, acceptor, administration } = await openWithTickets({ tls: false });
  const failure = errorOf(await client.ask({ do: "startResync", vmId: machineId }));
  expect(failure).toMatchObject({ code: "REFUSED", effect: "none" });
  expect(failure.message).toMatch(/package "kerberos" does not seal.*Use TLS \(port 5986\)/);
  expect((await acceptor.report()).filter(({ what }) => what !== "logon")).toEqual([]);
  expect(await administration.readJournal()).toEqual([]);
});

const onEachWay = [
  ["over TLS", true, withRealm],
  ["on plain HTTP", false, withSeals],
] as const;
for (const [way, tls, register] of onEachWay) {
  register(`a host that wants a logon with each request gets it, ${way}`, async () => {
    const { client, acceptor } = await openWithTickets({ tls, everyRequest: true });
    for (let count = 0; count < 3; count += 1) {
      expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
    }
    expect((await acceptor.report()).map(({ what }) => what)).toEqual(Array(3).fill(["logon", "message"]).flat());
  });
}

/** What a read that must not succeed says, with nothing having reached the front. */
async function refusedLogon({ client, acceptor }: Opened): Promise<string> {
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toContain("Get a ticket with kinit or name a keytab");
  expect(await acceptor.report()).toEqual([]);
  return failure.message;
}

withRealm("without a ticket the library's own reason is shown", async () => {
  expect(await refusedLogon(await open({ tls: true }))).toMatch(/No Kerberos credentials available/);
});

withRealm("an expired ticket is named as that", async () => {
  await realm.kinit("operator", "secret", environment, "1s");
  await realm.untilExpired(environment);
  expect(await refusedLogon(await open({ tls: true }))).toMatch(/expired/i);
});

withRealm(
  "a start with a ticket that has expired, and that the host takes all the same, counts as one that may be made",
  async () => {
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
      expect(errorOf(await client.ask({ do: "startResync", vmId: machineId }))).toMatchObject({ effect: "unknown" });
      const calls = (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize");
      expect(calls).toHaveLength(1);
    } finally {
      await lenient.stop();
    }
  },
);

withRealm("a keytab from before the last change of the password is named as that", async () => {
  await realm.administer("add_principal -pw first changed");
  const keytab = await realm.keytabOf("changed");
  await realm.administer("change_password -pw second changed");
  const stand = await open({ tls: true }, { keytab, username: `changed@${realmName}` });
  expect(await refusedLogon(stand)).toMatch(/Preauthentication failed|password|key/i);
});

withRealm("tickets of somebody else than the one who is named are not used", async () => {
  await realm.kinit("operator", "secret", environment);
  const stand = await open({ tls: true }, { username: `another@${realmName}` });
  expect(await refusedLogon(stand)).toMatch(/another@EXAMPLE\.TEST|credentials/);
});

withRealm("a host that takes no tickets says in the error what it takes", async () => {
  const { client, acceptor } = await openWithTickets({ tls: true, schemes: ["Negotiate"] });
  const failure = errorOf(await client.ask({ do: "readService" }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toContain("The host accepts Negotiate.");
  expect(await acceptor.report()).toEqual([]);
});

withRealm("a host that the realm does not know, and a realm that is not there, are named as that", async () => {
  const lonely = await Realm.start();
  try {
    environment = lonely.newUser();
    await lonely.administer("add_principal -pw secret operator", "delete_principal -force WSMAN/localhost");
    await lonely.kinit("operator", "secret", environment);
    expect(await refusedLogon(await open({ tls: true, environment: lonely.hostEnvironment }))).toMatch(
      /not found in Kerberos database/,
    );
    await lonely.stopKdc();
    expect(await refusedLogon(await open({ tls: true, environment: lonely.hostEnvironment }))).toMatch(
      /Cannot contact any KDC/,
    );
  } finally {
    await lonely.stop();
  }
});

withSeals("a session outlives its tickets where a keytab gives new ones", async () => {
  await realm.administer("add_principal -maxlife 5seconds -randkey shortlived");
  const connection = { keytab: await realm.keytabOf("shortlived"), username: `shortlived@${realmName}` };
  const { client, acceptor } = await open({ tls: false }, connection);
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  await realm.untilExpired(environment);
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  const happened = (await acceptor.report()).map(({ what }) => what);
  expect(happened).toEqual(["logon", "message", "expired", "logon", "message"]);
});

withSeals("a session that has outlived its tickets of kinit says so", async () => {
  const { client } = await open({ tls: false });
  await untilStarted(client);
  await realm.kinit("operator", "secret", environment, shortLife);
  expect(await client.ask({ do: "readService" })).toMatchObject({ value: { hostName: "HV01" } });
  await realm.untilExpired(environment);
  const failure = errorOf(await client.ask({ do: "startResync", vmId: machineId }));
  expect(failure).toMatchObject({ code: "AUTH_FAILED", effect: "none" });
  expect(failure.message).toMatch(/expired.*Get a ticket with kinit/i);
});
