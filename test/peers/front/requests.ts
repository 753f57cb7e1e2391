import type { AcceptorEvent } from "./acceptor";
import { healthReasons, vmId, type Stand } from "./stand";
import type { Client, Outcome } from "./steps";

/** A client that authenticates in one way, and the front that accepts it. */
export interface Opened extends Stand {
  readonly client: Client;
}

/** What the front reports of an authentication. */
export interface ExpectedAuthentication {
  readonly scheme: "Negotiate" | "Kerberos";
  readonly protocol: "ntlm" | "kerberos";
  readonly user: string;
}

/** On plain HTTP the front lets only encrypted messages through; what it reports of them is checked here. */
export function testRequests(
  name: string,
  register: jest.It,
  expected: ExpectedAuthentication & { readonly isEncrypted: boolean },
  open: () => Promise<Opened>,
): void {
  const { isEncrypted, ...authentication } = expected;

  register(`${name}: a client reads, starts one resync and sees it run, all on one connection`, async () => {
    const { client, acceptor, administration } = await open();
    expect(await client.ask({ do: "readService" })).toEqual(service);
    for (let round = 0; round < 3; round += 1) {
      expect(await client.ask({ do: "readVms" })).toMatchObject({ value: [{ vmName: "web01" }, { vmName: "web02" }] });
    }
    expect(await client.ask({ do: "readJobs" })).toEqual({ value: [] });
    const started = await client.ask({ do: "startResync", vmId });
    expect(started).toEqual({ value: { returnCode: 4096, jobId: expect.any(String) as string } });
    const jobId = await onlyJob(administration);
    expect(started).toMatchObject({ value: { jobId } });
    expect(await client.ask({ do: "readJobs" })).toMatchObject({ value: [{ jobId, vmId }] });
    const happened = await acceptor.report();
    expect(happened[0]).toEqual({ what: "authenticated", ...authentication, connection: 1 });
    const messages = of("message", happened);
    expect(messages).toHaveLength(happened.length - 1);
    expect(messages.length).toBeGreaterThan(7);
    expect(new Set(messages.map(({ sealed, connection }) => `${sealed} ${connection}`))).toEqual(
      new Set([`${isEncrypted} 1`]),
    );
  });

  register(`${name}: a reply of half a megabyte arrives whole, and so does what follows it`, async () => {
    const { client, acceptor } = await open();
    for (let round = 0; round < 2; round += 1) {
      const text = JSON.stringify(await client.ask({ do: "readHealthReasons", vmId }));
      expect(text.includes(JSON.stringify(healthReasons)) || text.slice(0, 500)).toBe(true);
      expect(await client.ask({ do: "readService" })).toEqual(service);
    }
    const lengths = of("message", await acceptor.report()).map(({ replyLength }) => replyLength);
    expect(lengths.filter((length) => length > 490_000)).toHaveLength(2);
  });

  register(`${name}: several requests at once authenticate each for itself, with keys of their own`, async () => {
    const { client, acceptor } = await open();
    expect(await client.ask({ do: "readTogether", times: 6 })).toEqual({ value: Array(6).fill(service.value) });
    expect(await client.ask({ do: "readTogether", times: 6 })).toEqual({ value: Array(6).fill(service.value) });
    const happened = await acceptor.report();
    expect(
      of("authenticated", happened)
        .map(({ connection }) => connection)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5, 6]);
    expect(of("message", happened)).toHaveLength(12);
    expect(happened).toHaveLength(18);
  });

  register.each([
    ["stays open", false],
    ["is closed with it", true],
  ])(
    // Without TLS a 401 may come from anywhere, and a change is not sent again for it.
    `${name}: after a 401 in the middle ${isEncrypted ? "a read" : "a start"} is sent once more and made once, when the connection %s`,
    async (_, close) => {
      const { client, acceptor, administration } = await open();
      expect(await client.ask({ do: "readService" })).toEqual(service);
      await acceptor.forget({ close });
      if (isEncrypted) expect(await client.ask({ do: "readService" })).toEqual(service);
      else {
        expect(await client.ask({ do: "startResync", vmId })).toMatchObject({ value: { returnCode: 4096 } });
        await onlyJob(administration);
      }
      await acceptor.forget({ close });
      expect(await client.ask({ do: "readService" })).toEqual(service);
      const [one, two, three] = close ? [1, 2, 3] : [1, 1, 1];
      expect(await acceptor.report()).toMatchObject([
        { what: "authenticated", connection: one },
        { what: "message", connection: one },
        { what: "forgotten", connection: one },
        { what: "authenticated", ...authentication, connection: two },
        { what: "message", sealed: isEncrypted, connection: two },
        { what: "forgotten", connection: two },
        { what: "authenticated", ...authentication, connection: three },
        { what: "message", sealed: isEncrypted, connection: three },
      ]);
    },
  );
}

const service = { value: { hostName: "HV01", hostTime: "2030-01-07T12:00:00.000Z" } };

/** The error of a step. */
export function errorOf(outcome: Outcome): {
  readonly code: string;
  readonly effect: string;
  readonly message: string;
} {
  if ("error" in outcome) return outcome.error;
  throw new Error(`the step did not fail: ${JSON.stringify(outcome)}`);
}

/** What happened of one kind. */
export function of<What extends AcceptorEvent["what"]>(what: What, happened: readonly AcceptorEvent[]) {
  return happened.filter((event): event is Extract<AcceptorEvent, { what: What }> => event.what === what);
}

/** The job of the one resync that was started. */
async function onlyJob(administration: Stand["administration"]): Promise<string | null | undefined> {
  const calls = (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize");
  expect(calls).toMatchObject([{ door: "wsman", machineId: vmId, returnValue: 4096 }]);
  return calls[0]?.jobId;
}
