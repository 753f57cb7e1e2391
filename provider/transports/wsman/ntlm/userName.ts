import { ReplicaResyncError } from "../../../core/errors";

/** Whom a host is to know. */
export interface UserName {
  readonly user: string;
  /** Empty: the host looks for the user itself. */
  readonly domain: string;
}

/** More than any account has (20 to 256 characters, with a DNS domain of 255), and far less than a length field holds. */
const maxLength = 512;

/**
 * Takes `DOMAIN\user`, `user@domain` and `user` apart. The second form stays whole: a user principal name is the user's name
 * without a domain beside it. Source: "User Name Formats", learn.microsoft.com.
 * @throws {@link ReplicaResyncError} when it has no user name, or one that no account can have.
 */
export function splitUserName(name: string): UserName {
  const backslash = name.indexOf("\\");
  const user = name.slice(backslash + 1);
  const remedy = "Write the user name as DOMAIN\\user, user@domain or user";
  if (user === "") throw new ReplicaResyncError("AUTH_FAILED", "NTLM needs a user name", { remedy });
  if (name.length > maxLength) {
    throw new ReplicaResyncError("AUTH_FAILED", `the user name has more than ${maxLength} characters`, {
      remedy,
    });
  }
  return { user, domain: backslash === -1 ? "" : name.slice(0, backslash) };
}

/**
 * Upper case as Windows makes it, one UTF-16 unit for one by a fixed table. JavaScript's differs: "ß" becomes two letters,
 * "ı", "ſ" and "µ" become letters of another lower case, Georgian has capitals; Windows leaves all these. The final sigma
 * is a letter that both change. Source: MS-UCODEREF, section 3.1.5.3, with the Windows 8 upper case mapping table.
 */
export function toWindowsUpperCase(text: string): string {
  return text
    .split("")
    .map((unit) => {
      const upper = unit.toUpperCase();
      const isOneForOne = upper.toLowerCase() === unit || unit === "ς";
      return isOneForOne && !/[\u10d0-\u10ff]/.test(unit) ? upper : unit;
    })
    .join("");
}
