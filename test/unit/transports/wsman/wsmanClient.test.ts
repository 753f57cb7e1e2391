import { readXml } from "../../../../provider/transports/wsman/xml/readXml";
import { fixture } from "./fixtures";
import { closeAll, failureOf, openClient, options } from "./openClient";
import {
  date,
  healthy,
  messageIdOf,
  operationOf,
  reply,
  type Script,
  type ScriptedHost,
  send,
  type Seen,
} from "./scriptedHost";

afterEach(closeAll);

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const jobId = "A1B2C3D4-0000-4000-8000-000000000001";

const asked = (server: ScriptedHost): string[] => server.seen.map(operationOf);
const last = (server: ScriptedHost): Seen => server.seen.at(-1) as Seen;

test("the service is read with the time that the host gave with that reply", async () => {
  const { host, server } = await openClient(healthy);
  expect(await host.readService(options)).toEqual({ hostName: "HV01", hostTime: "2030-01-07T12:00:00.000Z" });
  expect(asked(server)).toEqual(["Enumerate Msvm_ReplicationService"]);
  expect(last(server).text).toContain("<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode>");
});

test("a request is well-formed, and has the headers that hosts ask for", async () => {
  const { host, server } = await openClient(healthy);
  await host.readService(options);
  const { headers, text } = last(server);
  expect(readXml(text).name).toBe("Envelope");
  expect(headers).toMatchObject({
    "content-type": "application/soap+xml;charset=UTF-8",
    authorization: `Basic ${Buffer.from("operator:pass word").toString("base64")}`,
  });
  expect(text).toContain(`<a:To>http://127.0.0.1:${server.port}/wsman</a:To>`);
  expect(text).toContain('<w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize>');
  expect(text).toContain("<w:OperationTimeout>PT60.000S</w:OperationTimeout>");
  expect(text).toContain("Msvm_ReplicationService</w:ResourceURI>");
});

test("VMs come out of several replies, with names as they are and without the host itself", async () => {
  const { host, server } = await openClient(healthy);
  const vms = await host.readVms(options);
  expect(vms.size).toBe(1);
  expect(vms.get(vmId)).toMatchObject({ vmId, vmName: "we&b <01>\r", replicationMode: 1, enabledState: 2 });
  expect(asked(server).slice(0, 2)).toEqual(["Enumerate Msvm_ComputerSystem", "Pull *"]);
  expect(server.seen[1]?.text).toContain(
    "<n:EnumerationContext>uuid:11111111-2222-3333-4444-555555555555</n:EnumerationContext><n:MaxElements>50</n:MaxElements>",
  );
  expect(server.seen[0]?.text).toMatch(/<w:OptimizeEnumeration\/><w:MaxElements>50<\/w:MaxElements>/);
});

test("relationships are read with settings and the messages of what is wrong with them, over one connection", async () => {
  const { host, server } = await openClient((seen, response) => {
    if (operationOf(seen) !== "Enumerate Msvm_ReplicationRelationship") return healthy(seen, response);
    const text = fixture("Enumerate_Msvm_ReplicationRelationship").replace("MESSAGE-ID", messageIdOf(seen));
    send(response, text.replace("State>9<", "State>3<"));
  });
  expect((await host.readVms(options)).get(vmId)?.relationships).toEqual([
    {
      kind: "primary",
      replicationState: 3,
      replicationHealth: 3,
      lastReplicationTime: "2030-01-07T12:00:00.123Z",
      primaryHost: "hv01.example.com",
      recoveryHost: "hv02.example.com",
      providerId: "22391cdc-272c-4ddf-ba88-9befb1a0975c",
      autoResync: { windowStart: "18:30", windowEnd: "06:00" },
    },
  ]);
  expect(await host.readHealthReasons({ vmId, kind: "primary" }, options)).toEqual([
    "R&D: a disk was resized",
    "No contact with hv02",
  ]);
  expect(server.connections).toBe(1);
  expect(asked(server)).toEqual([
    "Enumerate Msvm_ComputerSystem",
    "Pull *",
    "Enumerate Msvm_ReplicationRelationship",
    "Enumerate Msvm_ReplicationSettingData",
    "Enumerate Msvm_ReplicationService",
    "GetReplicationStatisticsEx",
  ]);
});

test("only jobs that have to do with a resync are asked for", async () => {
  const { host, server } = await openClient(healthy);
  expect(await host.readResyncJobs(options)).toMatchObject([{ jobId, vmId, jobType: 107, percentComplete: 42 }]);
  expect(server.seen[0]?.text).toContain("WHERE JobType = 107 OR JobType = 121 OR JobType = 117");
});

test("a resync is called on the service that the host named, with its reference as it came and the VM's unwrapped", async () => {
  const { host, server } = await openClient(healthy);
  expect(await host.startResync({ vmId }, options)).toEqual({ returnCode: 4096, jobId });
  expect(asked(server)).toEqual(["Enumerate Msvm_ReplicationService", "Resynchronize"]);
  const { text } = last(server);
  expect(text).toContain(">root/virtualization/v2</b:Selector>");
  expect(text).toContain(">replicasvc</b:Selector>");
  expect(text).not.toContain("EndpointReference");
  expect(text).not.toContain("StartTime");
  expect(text).toContain(
    '<p:ComputerSystem><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/Msvm_ComputerSystem</w:ResourceURI><w:SelectorSet><w:Selector Name="CreationClassName">Msvm_ComputerSystem</w:Selector><w:Selector Name="Name">5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90</w:Selector></w:SelectorSet></a:ReferenceParameters></p:ComputerSystem>',
  );
});

test("the service's reference is used again", async () => {
  const { host, server } = await openClient(healthy);
  await host.readService(options);
  await host.startResync({ vmId }, options);
  await host.startResync({ vmId }, options);
  expect(asked(server)).toEqual(["Enumerate Msvm_ReplicationService", "Resynchronize", "Resynchronize"]);
});

test("a state is requested from the VM, for the relationship that is meant", async () => {
  const { host, server } = await openClient(healthy);
  const request = { vmId, kind: "extended", requestedState: 7 } as const;
  expect(await host.requestReplicationState(request, options)).toEqual({ returnCode: 0 });
  const { text } = last(server);
  expect(text).toContain("<p:RequestedState>7</p:RequestedState>");
  expect(text).toContain("&lt;VALUE&gt;Microsoft:5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90\\HVR\\1&lt;/VALUE&gt;");
  expect(text).toContain("Msvm_ComputerSystem/RequestReplicationStateChangeEx</a:Action>");
});

/** A host that shows its service under another name from the second look on, and knows only that one. */
function moved(fault: string): Script {
  let looks = 0;
  return (seen, response) => {
    const operation = operationOf(seen);
    if (operation === "Enumerate Msvm_ReplicationService") {
      looks += 1;
      const text = fixture("Enumerate_Msvm_ReplicationService").replace("MESSAGE-ID", messageIdOf(seen));
      send(response, looks === 1 ? text : text.replaceAll("HV01", "HV09"));
    } else if (operation === "Resynchronize" && !seen.text.includes("HV09")) reply(seen, response, fault, 500);
    else return healthy(seen, response);
  };
}

test("a service that is gone is looked for again by the next call: another one may be that of another host", async () => {
  const { host, server } = await openClient(moved("Fault_MSFT_WmiError"));
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "NOT_FOUND", effect: "none" });
  expect(await host.startResync({ vmId }, options)).toEqual({ returnCode: 4096, jobId });
  expect(asked(server)).toEqual([
    "Enumerate Msvm_ReplicationService",
    "Resynchronize",
    "Enumerate Msvm_ReplicationService",
    "Resynchronize",
  ]);
});

test("a call is not made again for a fault that says something else, or while the service is where it was", async () => {
  const denied = await openClient(moved("Fault_ProviderFault"));
  expect(await failureOf(denied.host.startResync({ vmId }, options))).toMatchObject({
    code: "ACCESS_DENIED",
    effect: "none",
  });
  expect(asked(denied.server).filter((operation) => operation === "Resynchronize")).toHaveLength(1);
  const { host, server } = await openClient((seen, response) => {
    if (operationOf(seen) !== "Resynchronize") return healthy(seen, response);
    reply(seen, response, "Fault_MSFT_WmiError", 500);
    return undefined;
  });
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "NOT_FOUND", effect: "none" });
  expect(asked(server).filter((operation) => operation === "Resynchronize")).toHaveLength(1);
});

test("a host without the service says so before anything is called", async () => {
  const { host, server } = await openClient((seen, response) => {
    const text = fixture("Enumerate_Msvm_ReplicationService").replace("MESSAGE-ID", messageIdOf(seen));
    send(response, text.replace(/<w:Items>.*<\/w:Items>/s, "<w:Items/>"));
  });
  expect(await host.readService(options)).toBeUndefined();
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "NOT_FOUND", effect: "none" });
  expect(asked(server)).not.toContain("Resynchronize");
});

const startTime = "2030-01-08T01:00:00.000Z";

/** A host that reads a timestamp only in the second form, and shows `jobs` afterwards. */
const pickyAbout = (jobsAfter: string): Script => {
  let refused = false;
  return (seen, response) => {
    const operation = operationOf(seen);
    if (operation === "Resynchronize" && !seen.text.includes("CIM_DateTime")) {
      refused = true;
      reply(seen, response, "Fault_WSManFault", 500);
      return undefined;
    }
    if (operation !== "Enumerate Msvm_ConcreteJob") return healthy(seen, response);
    const text = fixture("Enumerate_Msvm_ConcreteJob").replace("MESSAGE-ID", messageIdOf(seen));
    send(response, refused ? text.replaceAll(jobId, jobsAfter) : text);
    return undefined;
  };
};

test("a timestamp that is not read in the one form is sent in the other, once the state is seen to be the same", async () => {
  const { host, server } = await openClient(pickyAbout(jobId));
  expect(await host.startResync({ vmId, startTime }, options)).toMatchObject({ returnCode: 4096 });
  const starts = server.seen.filter((seen) => operationOf(seen) === "Resynchronize");
  expect(starts[0]?.text).toContain("<p:StartTime><cim:Datetime>2030-01-08T01:00:00.000Z</cim:Datetime></p:StartTime>");
  expect(starts[1]?.text).toContain(
    '<p:StartTime xsi:type="cim:cimDateTime"><CIM_DateTime>20300108010000.000000+000</CIM_DateTime></p:StartTime>',
  );
  expect(
    server.seen.some(({ text }) =>
      text.includes("InstanceID = &apos;Microsoft:5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90\\\\HVR\\\\0&apos;"),
    ),
  ).toBe(true);
  await host.startResync({ vmId, startTime }, options);
  expect(server.seen.filter((seen) => operationOf(seen) === "Resynchronize")).toHaveLength(3);
});

test("a timestamp is not sent in another form when a job has come up in between", async () => {
  const { host, server } = await openClient(pickyAbout("A1B2C3D4-0000-4000-8000-000000000002"));
  const failure = await failureOf(host.startResync({ vmId, startTime }, options));
  expect(failure).toMatchObject({ code: "CIM_FAULT", effect: "unknown" });
  expect(asked(server).filter((operation) => operation === "Resynchronize")).toHaveLength(1);
});

test("a call without a timestamp is never made again for that fault", async () => {
  const { host, server } = await openClient(pickyAbout(jobId));
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "CIM_FAULT", effect: "unknown" });
  expect(asked(server).filter((operation) => operation === "Resynchronize")).toHaveLength(1);
});

test("a read is repeated while the host is busy, and a call is not", async () => {
  let busy = 2;
  const { host, server } = await openClient((seen, response) => {
    busy -= 1;
    if (busy < 0) return healthy(seen, response);
    reply(seen, response, "Fault_Subcode", 500);
    return undefined;
  });
  expect(await host.readService(options)).toBeDefined();
  expect(server.seen).toHaveLength(3);
  busy = 1;
  const failure = await failureOf(host.startResync({ vmId }, options));
  expect(failure).toMatchObject({ code: "CIM_FAULT", effect: "none" });
  expect(server.seen).toHaveLength(4);
});

test("one VM is asked for by its keys, the others do not travel", async () => {
  const { host, server } = await openClient(healthy);
  expect(await host.readVm(vmId, options)).toMatchObject({ vmId });
  const asked = server.seen.map(({ text }) => / WHERE (.*?)<\//.exec(text)?.[1]?.replaceAll("&apos;", "'"));
  const ids = [0, 1].map((number) => `InstanceID = 'Microsoft:${vmId.toUpperCase()}\\\\HVR\\\\${number}'`);
  expect(asked.filter((where) => where !== undefined)).toEqual([
    `Name = '${vmId.toUpperCase()}'`,
    ids.join(" OR "),
    ids.join(" OR "),
  ]);
});

test("an enumeration that does not fit is asked for in smaller parts", async () => {
  const tooLarge = "Fault_Subcode";
  const { host, server } = await openClient((seen, response) => {
    if (!seen.text.includes(">50<")) return healthy(seen, response);
    send(
      response,
      fixture(tooLarge).replace("MESSAGE-ID", messageIdOf(seen)).replace("QuotaLimit", "EncodingLimit"),
      500,
    );
  });
  expect((await host.readVms(options)).size).toBe(1);
  expect(server.seen.map(({ text }) => /MaxElements>(\d+)</.exec(text)?.[1])).toEqual([
    ...["50", "5", "5"],
    ...["50", "5"],
    ...["50", "5"],
  ]);
});

test("an enumeration that is left is released, and nobody waits for that", async () => {
  const { promise: released, resolve } = Promise.withResolvers<string>();
  const { host } = await openClient((seen, response) => {
    const operation = operationOf(seen);
    if (operation.startsWith("Pull")) send(response, "<not>what was asked for</not>");
    else if (operation.startsWith("Release")) resolve(seen.text);
    else return healthy(seen, response);
  });
  expect(await failureOf(host.readVms(options))).toMatchObject({ code: "BAD_REPLY", effect: "none" });
  expect(await released).toContain("uuid:11111111-2222-3333-4444-555555555555");
});

test("an enumeration that never ends is left", async () => {
  const { host, server } = await openClient((seen, response) => {
    const isFirst = operationOf(seen).startsWith("Enumerate");
    const text = fixture(isFirst ? "Enumerate_Msvm_ComputerSystem" : "Pull_Msvm_ComputerSystem")
      .replace("MESSAGE-ID", messageIdOf(seen))
      .replace("<n:EndOfSequence/>", "<n:EnumerationContext>more</n:EnumerationContext>");
    send(response, text + " ".repeat(1_000_000));
  });
  expect((await failureOf(host.readVms(options))).message).toMatch(/it does not end/);
  expect(server.seen.length).toBeLessThan(20);
});

test("an enumeration that neither ends nor says how to continue is not taken for whole", async () => {
  const { host } = await openClient((seen, response) => {
    const text = fixture("Enumerate_Msvm_ConcreteJob").replace("MESSAGE-ID", messageIdOf(seen));
    send(response, text.replace("<w:EndOfSequence/>", ""));
  });
  expect((await failureOf(host.readResyncJobs(options))).message).toMatch(/neither ends nor says how to continue/);
});

test("a host that gives no time, and one that answers another message, are not believed", async () => {
  const timeless = await openClient((seen, response) => {
    response.sendDate = false;
    response.writeHead(200, { "Content-Type": "application/soap+xml" });
    response.end(fixture("Enumerate_Msvm_ReplicationService").replace("MESSAGE-ID", messageIdOf(seen)));
  });
  expect((await failureOf(timeless.host.readService(options))).message).toMatch(/header Date/);
  const other = await openClient((_seen, response) => {
    send(response, fixture("Enumerate_Msvm_ReplicationService"));
  });
  expect((await failureOf(other.host.readService(options))).message).toMatch(/the response to another message/);
  expect(date).toContain("2030");
});

test.each(["ReturnValue>4096<", "Resynchronize_OUTPUT"])(
  "an answer without %s leaves open what was done",
  async (part) => {
    const { host } = await openClient((seen, response) => {
      if (operationOf(seen) !== "Resynchronize") return healthy(seen, response);
      const text = fixture("Resynchronize_Msvm_ReplicationService").replace("MESSAGE-ID", messageIdOf(seen));
      send(response, text.replaceAll(part, part.replace(/4096|OUTPUT/, "x")));
    });
    expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({
      code: "BAD_REPLY",
      effect: "unknown",
    });
  },
);

test("an answer in UTF-16 is read", async () => {
  const { host } = await openClient((seen, response) => {
    const text = fixture("Enumerate_Msvm_ReplicationService").replace("MESSAGE-ID", messageIdOf(seen));
    response.writeHead(200, { "Content-Type": "application/soap+xml;charset=UTF-16" });
    response.end(Buffer.from(`\ufeff${text}`, "utf16le"));
  });
  expect(await host.readService(options)).toMatchObject({ hostName: "HV01" });
});
