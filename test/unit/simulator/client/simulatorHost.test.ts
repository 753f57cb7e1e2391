import { rmSync, writeFileSync } from "node:fs";
import { isReplicaResyncError } from "../../../../provider/core/errors";
import { SimulatorAdministration } from "../../../../provider/simulator/index";
import { openSimulatorHost } from "../../../../provider/simulator/client/simulatorHost";
import { fakeRealClock, removeScenarioFiles, scenarioFile, scenarioOf, startMs, web01 } from "../lab";

afterAll(removeScenarioFiles);

const options = { signal: new AbortController().signal };

test("says at the opening which scenario cannot be used, and why", () => {
  const path = scenarioFile('{ "name": "HV01", "machine": [] }');
  const open = () => openSimulatorHost({ scenario: path });
  expect(open).toThrow(
    /lab\.json is not a valid scenario:\n {2}at the top: unknown key "machine"; did you mean "machines"\?/,
  );
  try {
    open();
  } catch (error) {
    expect(isReplicaResyncError(error) && error.code).toBe("REFUSED");
  }
});

test("calls itself in-process in the journal", async () => {
  const path = scenarioFile(scenarioOf([web01]));
  await openSimulatorHost({ scenario: path }).host.readService(options);
  expect(await SimulatorAdministration.open(path).readJournal()).toMatchObject([{ door: "in-process" }]);
});

test("is addressed by the host's name", () => {
  expect(openSimulatorHost({ scenario: scenarioFile(scenarioOf([])) }).host.address).toBe("HV01");
});

test("calls under the account that was given, and otherwise under the first one", async () => {
  const accounts = [
    { user: "guest", password: "g", rights: "none" as const },
    { user: "operator", password: "o" },
  ];
  const scenario = scenarioFile(scenarioOf([web01], { accounts }));
  const seen = async (credentials: { username?: string; password?: string }) =>
    (await openSimulatorHost({ scenario, ...credentials }).host.readVms(options)).size;
  expect([await seen({}), await seen({ username: "operator", password: "o" })]).toEqual([0, 1]);
});

test("has the host's clock, which continues at the host's speed", async () => {
  const realClock = fakeRealClock();
  const clockOf = { start: new Date(startMs).toISOString(), speed: 60 };
  const { host, clock } = openSimulatorHost(
    { scenario: scenarioFile(scenarioOf([], { clock: clockOf })) },
    { realClock },
  );
  await clock.sleep(30_000, options.signal);
  expect([clock.now(), await host.readService(options)]).toEqual([
    startMs + 30_000,
    { hostName: "HV01", hostTime: new Date(startMs + 30_000).toISOString() },
  ]);
  expect(realClock.nowMs).toBe(startMs + 500);
});

test.each([90, -86_400.5])(
  "has the caller's clock, which the host's own is %d seconds ahead of",
  async (skewSeconds) => {
    const realClock = fakeRealClock();
    const clockOf = { start: new Date(startMs).toISOString(), speed: 60, skewSeconds };
    const path = scenarioFile(scenarioOf([web01], { clock: clockOf }));
    const { host, clock } = openSimulatorHost({ scenario: path }, { realClock });
    const callerStartMs = startMs - skewSeconds * 1000;
    expect(clock.now()).toBe(callerStartMs);
    await clock.sleep(30_000, options.signal);
    expect([clock.now(), (await host.readService(options))?.hostTime]).toEqual([
      callerStartMs + 30_000,
      new Date(startMs + 30_000).toISOString(),
    ]);
    // What the host says is in its own time, and so is what it is told.
    const [vmId = ""] = (await host.readVms(options)).keys();
    const startTime = new Date(startMs + 60_000).toISOString();
    expect(await host.startResync({ vmId, startTime }, options)).toMatchObject({ returnCode: 4096 });
    expect(await host.readResyncJobs(options)).toMatchObject([{ jobState: 2, scheduledStartTime: startTime }]);
    const administration = SimulatorAdministration.open(path, { realClock });
    expect(await administration.readClock()).toBe(new Date(startMs + 30_000).toISOString());
    expect(await administration.readJournal()).toContainEqual(
      expect.objectContaining({ operation: "Resynchronize", at: new Date(startMs + 30_000).toISOString() }),
    );
  },
);

test("continues without its scenario file, and tells a broken state file from a bad connection", async () => {
  const path = scenarioFile(scenarioOf([web01]));
  const { host } = openSimulatorHost({ scenario: path });
  await host.readService(options);
  rmSync(path);
  expect(await host.readService(options)).toBeDefined();
  writeFileSync(path.replace(/\.json$/, ".state.json"), "{");
  await expect(host.readService(options)).rejects.toThrow(/cannot use the state file/);
});
