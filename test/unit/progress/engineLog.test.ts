import nodeModule, { createRequire } from "node:module";
import { connectToEngineLog, createProgress, type LogService, paceFor } from "../../../provider/progress/engineLog";

type Line = Parameters<LogService>[0];

const pace = { firstMs: 1_000, longestMs: 3_000 };

function progress(): { sink: ReturnType<typeof createProgress>; lines: Line[]; at: (nowMs: number) => void } {
  const lines: Line[] = [];
  let nowMs = 0;
  const sink = createProgress(
    (line) => lines.push(line),
    "the urn",
    pace,
    () => nowMs,
  );
  return { sink, lines, at: (ms) => (nowMs = ms) };
}

test("a status is ephemeral, a sentence and a warning stay, all beside the resource", () => {
  const { sink, lines } = progress();
  sink.status("10 %");
  sink.info("a sentence");
  sink.warn("a warning");
  expect(lines).toEqual([
    { severity: "INFO", message: "10 %", urn: "the urn", ephemeral: true },
    { severity: "INFO", message: "a sentence", urn: "the urn", ephemeral: false },
    { severity: "WARNING", message: "a warning", urn: "the urn", ephemeral: false },
  ]);
});

test("a status comes no more often than the pace says, which slows down to the longest pause", () => {
  const { sink, lines, at } = progress();
  const shownAt: number[] = [];
  for (let nowMs = 0; nowMs <= 16_000; nowMs += 250) {
    at(nowMs);
    const before = lines.length;
    sink.status(`at ${nowMs}`);
    if (lines.length > before) shownAt.push(nowMs);
  }
  expect(shownAt).toEqual([0, 1_000, 2_500, 4_750, 7_750, 10_750, 13_750]);
});

test("a status is shown only when something has moved", () => {
  const { sink, lines, at } = progress();
  for (const nowMs of [0, 60_000, 120_000]) {
    at(nowMs);
    sink.status("10 %");
  }
  expect(lines).toHaveLength(1);
});

test("sentences and warnings do not wait for the pace", () => {
  const { sink, lines } = progress();
  sink.info("a");
  sink.info("b");
  sink.warn("c");
  expect(lines).toHaveLength(3);
});

test("a line that cannot be sent disturbs nobody", () => {
  const sink = createProgress(
    () => {
      throw new Error("the channel is closed");
    },
    "the urn",
    pace,
    () => 0,
  );
  expect(() => {
    sink.status("10 %");
    sink.info("a sentence");
    sink.warn("a warning");
  }).not.toThrow();
});

test.each([
  [{}, 1_000, 15_000],
  [{ CI: "" }, 1_000, 15_000],
  [{ CI: "false" }, 1_000, 15_000],
  [{ CI: "true" }, 60_000, 60_000],
  [{ CI: "1" }, 60_000, 60_000],
])("with the environment %j the first pause is %d ms, the longest %d ms", (environment, firstMs, longestMs) => {
  expect(paceFor(environment)).toEqual({ firstMs, longestMs });
});

test.each([
  undefined,
  "",
  "--logflow",
  "127.0.0.1",
  "127.0.0.1:",
  "127.0.0.1:x",
  "/path/to:80",
  "C:\\x:80",
  "a b:80",
  "x:1:y",
])("%p is no address of an engine: lines go nowhere", (address) => {
  const connecting = jest.spyOn(nodeModule, "createRequire");
  connectToEngineLog(address)({ severity: "INFO", message: "x", urn: "", ephemeral: true });
  expect(connecting).not.toHaveBeenCalled();
  connecting.mockRestore();
});

interface LogRequest {
  getSeverity(): number;
  getMessage(): string;
  getUrn(): string;
  getEphemeral(): boolean;
}

test("lines reach the engine's log service, cut to one line's length and well-formed", async () => {
  const ofSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = ofSdk("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const { EngineService } = ofSdk("@pulumi/pulumi/proto/engine_grpc_pb") as {
    EngineService: import("@grpc/grpc-js").ServiceDefinition;
  };
  const { Empty } = ofSdk("google-protobuf/google/protobuf/empty_pb") as { Empty: new () => object };
  const { promise, resolve } = Promise.withResolvers<LogRequest>();
  const server = new grpc.Server();
  server.addService(EngineService, {
    log: (call: { request: LogRequest }, done: (error: null, reply: object) => void) => {
      resolve(call.request);
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((bound, failed) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, at) => {
      if (error === null) bound(at);
      else failed(error);
    });
  });
  const message = `${"x".repeat(999)}😀 and more`;
  connectToEngineLog(`127.0.0.1:${port}`)({ severity: "WARNING", message, urn: "the urn", ephemeral: true });
  const request = await promise;
  server.forceShutdown();
  expect([request.getSeverity(), request.getUrn(), request.getEphemeral()]).toEqual([2, "the urn", true]);
  expect(request.getMessage()).toBe(`${"x".repeat(999)}\ufffd`);
});

test("an engine that is not there disturbs nobody", () => {
  const connecting = jest.spyOn(nodeModule, "createRequire");
  const log = connectToEngineLog("127.0.0.1:1");
  expect(() => {
    log({ severity: "INFO", message: "x", urn: "", ephemeral: false });
  }).not.toThrow();
  expect(connecting).toHaveBeenCalled();
  connecting.mockRestore();
});
