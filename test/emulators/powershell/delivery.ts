import { EOL } from "node:os";
import type { ConsoleProcess } from "./consoleProcess";
import type { Fault } from "./faults";
import { StandInError } from "./standInError";
import { frame, writeJson } from "./wire";

/** A reply on its way out. */
export interface FramedReply {
  readonly id: string;
  readonly base64: string;
}

type Output = Pick<ConsoleProcess, "write" | "die">;

/** Writes a reply, with what goes wrong on its way. A command without a reply (`load`) can only have things beside it. */
export function deliver(reply: FramedReply | undefined, fault: Fault | undefined, output: Output): void {
  const good = reply === undefined ? "" : frame(reply.id, reply.base64) + EOL;
  const out = (text: string): void => {
    output.write("stdout", text);
  };
  if (fault === undefined) {
    out(good);
    return;
  }
  switch (fault.kind) {
    case "warnings":
      out(`WARNING: The names of some imported commands are odd.${EOL}VERBOSE: Perform operation.${EOL}`);
      out(good);
      out(`VERBOSE: Operation complete.${EOL}WARNING: Something is deprecated.${EOL}`);
      return;
    case "escapes":
      out(`\u001b[?1h\u001b[32m\u001b[?25l${good.trimEnd()}\u001b[0m${EOL}\u001b[?1l\u001b]0;pwsh\u0007`);
      return;
    case "stderr":
      output.write("stderr", fault.text + EOL);
      out(good);
      return;
    case "noise":
      writeNoise(fault.bytes, out);
      out(good);
      return;
    case "dieBefore":
    case "dieAfter":
    case "exit":
    case "lateReply":
    case "slow":
    case "ignoreSigterm":
      out(good);
      return;
    default:
      deliverAltered(reply, fault, output);
  }
}

type Altering = Extract<
  Fault,
  { kind: "dieInReply" | "cutReply" | "foreignId" | "notBase64" | "garbage" | "wrongShape" }
>;

function deliverAltered(reply: FramedReply | undefined, fault: Altering, output: Output): void {
  if (reply === undefined) throw new StandInError(`${fault.kind} needs a command with a reply, got load or start`);
  const { id, base64 } = reply;
  const half = frame(id, base64).slice(0, id.length + 6 + Math.floor(base64.length / 2));
  switch (fault.kind) {
    case "dieInReply":
      output.write("stdout", half);
      return output.die();
    case "cutReply":
      output.write("stdout", half + EOL);
      return;
    case "foreignId":
      output.write("stdout", frame(foreign(id), base64) + EOL);
      return;
    case "notBase64":
      output.write("stdout", frame(id, "*&!") + EOL);
      return;
    case "garbage":
      output.write("stdout", frame(id, Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]).toString("base64")) + EOL);
      return;
    case "wrongShape":
      output.write("stdout", frame(id, writeJson(fault.reply)) + EOL);
      return;
  }
}

/** Another id of the same shape. */
function foreign(id: string): string {
  return id.replace(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
}

function writeNoise(bytes: number, out: (text: string) => void): void {
  const line = `${"noise ".repeat(20)}${EOL}`;
  const chunk = line.repeat(Math.ceil(65_536 / line.length));
  for (let left = bytes; left > 0; left -= chunk.length) out(chunk.slice(0, left));
}
