import fc from "fast-check";
import { commandLine, excerpt, loadLine, readReply } from "../../../../provider/transports/powershell/wire";

const id = "0123456789abcdef";

function base64(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
}

function frame(reply: unknown, of = id): string {
  return `<hvr:${of}:${base64(reply)}:${of}>`;
}

const good = { ok: true, value: { rows: [] } };

test("a command is one line of ASCII, whatever it holds, and comes back whole", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const line = commandLine(id, "Get-HvReplicaRows", { text });
      const [, request = ""] = /^Invoke-HvReplica '([A-Za-z0-9+/=]+)'$/.exec(line) ?? [];
      const sent = JSON.parse(Buffer.from(request, "base64").toString()) as { argument: string };
      expect(sent).toMatchObject({ id, command: "Get-HvReplicaRows" });
      expect(JSON.parse(Buffer.from(sent.argument, "base64").toString())).toEqual({ text });
    }),
  );
});

test("the scripts are loaded by one line that holds them as base64", () => {
  const line = loadLine("function f {\n  'ä'\n}\n");
  const [, text = ""] = /^\. \(.*FromBase64String\('([A-Za-z0-9+/=]+)'\)\)\)\)$/.exec(line) ?? [];
  expect(Buffer.from(text, "base64").toString()).toBe("function f {\n  'ä'\n}\n");
});

test.each([
  ["alone", frame(good)],
  ["among warnings", `WARNING: careful\n${frame(good)}\nVERBOSE: done`],
  ["among terminal codes", `\u001b[?1h${frame(good)}\u001b[?1l`],
  ["after the late reply to another command", `${frame({ ok: true, value: {} }, "fedcba9876543210")}\n${frame(good)}`],
])("a reply %s is found", (_, stdout) => {
  expect(readReply(id, stdout)).toEqual(good);
});

test("an error comes back with its number as a number, or without one", () => {
  const error = { message: "m", type: "t", hresult: "2147749891", category: "c", errorId: "e", isSent: true };
  expect(readReply(id, frame({ ok: false, error }))).toEqual({ ok: false, error: { ...error, hresult: 0x80041003 } });
  const unnumbered = { ...error, hresult: null };
  expect(readReply(id, frame({ ok: false, error: unnumbered }))).toEqual({ ok: false, error: unnumbered });
});

test.each([
  ["nothing", "", /no reply among 0 characters/],
  ["only text", "Zugriff verweigert", /no reply among 18 characters: "Zugriff verweigert"/],
  ["a reply to another command", frame(good, "fedcba9876543210"), /no reply among/],
  ["a reply that was cut", frame(good).slice(0, -4), /no reply among/],
  ["a reply that is no JSON", `<hvr:${id}:${base64("{")}:${id}>`, /a reply that is not JSON/],
  ["a reply of another shape", frame({ ok: true }), /an unexpected reply[^]*value/],
  ["an error without a number field", frame({ ok: false, error: { message: "m" } }), /an unexpected reply[^]*hresult/],
  ["a reply that is no object", frame([1]), /an unexpected reply/],
])("%s is an error that says what came instead", (_, stdout, says) => {
  expect(() => readReply(id, stdout)).toThrow(says);
});

test("an excerpt is short, and holds no terminal codes and nothing that may be data", () => {
  const secret = base64({ password: "correct horse battery staple" });
  const text = `\u001b[31mInvoke-HvReplica '${secret}' went wrong\u001b[0m`;
  expect(excerpt(text)).toBe(`"Invoke-HvReplica '…' went wrong"`);
  expect(excerpt("x ".repeat(1_000)).length).toBeLessThanOrEqual(301);
});
