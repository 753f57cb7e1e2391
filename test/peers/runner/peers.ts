import { hasPackage, kerberosPackage } from "../kerberos/kerberosPackage";
import { hasModules, python } from "../front/acceptor";
import { hasKerberos } from "../kerberos/realm";
import { findCli } from "../../engine/driver/cliDriver";
import { findPowerShell } from "./powershell";
import { findProgram, versionPrinted } from "./programs";

/** Software that this project did not write and that its tests are held against. */
export interface Peer {
  readonly name: string;
  /** Beginnings of the paths of its test files, from the top of the repository. */
  readonly tests: readonly string[];
  /** The version that this computer has; `undefined` where a part is missing that the tests require. */
  readonly findVersion: () => string | undefined;
}

const numbers = /\d+\.\d+(?:\.\d+|p\d+)?/;

export const peers: readonly Peer[] = [
  {
    name: "Pulumi CLI",
    tests: ["test/plugin/", "test/engine/"],
    findVersion: () => {
      const cli = findCli();
      return cli === undefined ? undefined : versionPrinted(cli, ["version"], numbers);
    },
  },
  {
    name: "PowerShell",
    tests: ["test/contract/"],
    findVersion: () => findPowerShell()?.version,
  },
  {
    name: "OpenSSH sshd",
    tests: ["test/peers/sshd/"],
    findVersion: () => {
      const sshd = findProgram("sshd");
      if (sshd === undefined || findPowerShell() === undefined) return undefined;
      return versionPrinted(sshd, ["-V"], numbers);
    },
  },
  { name: "pypsrp", tests: ["test/peers/pypsrp/"], findVersion: () => moduleVersion("pypsrp") },
  { name: "pyspnego", tests: ["test/peers/ntlm/"], findVersion: () => moduleVersion("pyspnego") },
  {
    name: "MIT Kerberos KDC",
    tests: ["test/peers/kerberos/"],
    findVersion: () =>
      hasKerberos() && hasModules("spnego", "gssapi", "krb5", "cryptography") && hasPackage(kerberosPackage)
        ? versionPrinted("klist", ["-V"], numbers)
        : undefined,
  },
];

function moduleVersion(name: string): string | undefined {
  return versionPrinted(
    python,
    ["-c", `import importlib.metadata as m; print(m.version("${name}"))`],
    /^\d+\.\d+\.\d+/,
  );
}
