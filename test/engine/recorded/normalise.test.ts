import { normaliseState, normaliseWire } from "./normalise";
import { readRecording, type WireLine } from "./recordedRuns";

const { wire, state } = readRecording("02");

test("takes two spellings of the same run for the same", () => {
  const respelled = JSON.stringify(wire)
    .replaceAll("1d168dae-227a-4443-924d-c3d8de04168d", "0e01722e-90ae-4cdd-a87f-4f43fc863df4")
    .replaceAll("127.0.0.1:PORT", "127.0.0.1:4711")
    .replaceAll("/project", "/some/where");
  expect(normaliseWire(JSON.parse(respelled) as WireLine[])).toEqual(normaliseWire(wire));
});

test("sees a changed input", () => {
  const changed = wire.map((line) =>
    line.method === "ResourceProvider/Create"
      ? (JSON.parse(JSON.stringify(line).replace('"name":"one"', '"name":"won"')) as WireLine)
      : line,
  );
  expect(normaliseWire(changed)).not.toEqual(normaliseWire(wire));
});

test("sees a missing call", () => {
  const last = wire.findLastIndex(({ method }) => method === "ResourceProvider/Check");
  expect(normaliseWire(wire.toSpliced(last, 1))).not.toEqual(normaliseWire(wire));
});

test("sees two calls in another order", () => {
  const first = wire.findIndex(({ method }) => method === "ResourceProvider/Check");
  const moved = [...wire.slice(0, first), ...wire.slice(first + 2), ...wire.slice(first, first + 2)];
  expect(normaliseWire(moved)).not.toEqual(normaliseWire(wire));
});

test("sees another provider than the one that was configured", () => {
  const changed = JSON.stringify(state).replace(
    "1d168dae-227a-4443-924d-c3d8de04168d",
    "0e01722e-90ae-4cdd-a87f-4f43fc863df4",
  );
  expect(normaliseState(JSON.parse(changed), "")).not.toEqual(normaliseState(state, ""));
});

test("sees a secret that is no longer marked, and one that has another value", () => {
  const opened = JSON.stringify(normaliseState(state, ""));
  expect(opened).toContain('{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"s3cret"}');
  const lost = JSON.stringify(state).replace(/"token":\{[^}]*\}/, '"token":"s3cret"');
  expect(normaliseState(JSON.parse(lost), "")).not.toEqual(normaliseState(state, ""));
});

test("reads of one refresh may come in any order, but not with other values", () => {
  const refresh = readRecording("07").wire;
  const reads = refresh.findIndex(({ method }) => method === "ResourceProvider/Read");
  const swapped = refresh.toSpliced(reads, 2, ...refresh.slice(reads, reads + 2).reverse());
  expect(normaliseWire(swapped)).toEqual(normaliseWire(refresh));
  const changed = refresh.with(
    reads,
    JSON.parse(JSON.stringify(refresh[reads]).replace('"count":2', '"count":3')) as WireLine,
  );
  expect(normaliseWire(changed)).not.toEqual(normaliseWire(refresh));
});
