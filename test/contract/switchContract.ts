import type { ReplicationHost } from "../../provider/core/host/ports";
import type { ScenarioInput } from "../../provider/simulator";
import type { OpenDoor, OpenedDoor } from "./openDoor";
import { switchCases, switchCasesStart } from "./switchCases";

const positions = Object.entries(switchCases).flatMap(([name, { of, observe, expected }]) =>
  Object.entries<unknown>(expected).map(([position, seen]) => ({ name, position, of, observe, seen })),
);

/** What every switch of the simulated host looks like through a transport, in each of its positions. */
export function switchContract(name: string, openDoor: OpenDoor): void {
  describe(`${name} to a host whose behaviour is open`, () => {
    const opened: ReplicationHost[] = [];
    afterEach(async () => {
      for (const host of opened.splice(0)) await host.close();
    });

    async function open(scenario: ScenarioInput): Promise<OpenedDoor> {
      const door = await openDoor(scenario);
      opened.push(door.host);
      return door;
    }

    test.each(positions)("$name: $position, seen in $of", async ({ name: one, position, observe, seen }) => {
      const switches = { [one]: position };
      const clock = { speed: 0, start: switchCasesStart };
      expect(await observe((machines, more) => open({ name: "HV01", clock, machines, switches, ...more }))).toEqual(
        seen,
      );
    });
  });
}
