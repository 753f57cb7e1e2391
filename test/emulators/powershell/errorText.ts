import { EOL } from "node:os";

/** An error that PowerShell writes by itself. */
export interface ErrorText {
  readonly subject: string;
  readonly text: string;
}

/** `CommandNotFoundException`, as PowerShell 7 words it. */
export const notRecognized: ErrorText = {
  subject: "Invoke-HvReplica",
  text:
    "The term 'Invoke-HvReplica' is not recognized as a name of a cmdlet, function, script file, or executable program." +
    `${EOL}Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
};

/** `FormatException` of `[Convert]::FromBase64String`. */
export const notBase64: ErrorText = {
  subject: "MethodInvocationException",
  text:
    'Exception calling "FromBase64String" with "1" argument(s): "The input is not a valid Base-64 string as it contains ' +
    'a non-base 64 character, more than two padding characters, or an illegal character among the padding characters."',
};

/** What stands on stderr for an error. */
export function errorText({ subject, text }: ErrorText, hasColours: boolean): string {
  const line = `${subject}: ${text}`;
  return (hasColours ? `\u001b[31;1m${line}\u001b[0m` : line) + EOL;
}
