import { createRequire } from "node:module";

/** The folder of a package that takes the place of `kerberos`, where one is named; why, is said in `kerberos.test.ts`. */
export const encryptingPackage = process.env["HYPERV_REPLICA_TEST_KERBEROS"];

/** The package that the tests load. */
export const kerberosPackage = encryptingPackage ?? "kerberos";

/** Whether a package, by name or by the path of its folder, can be loaded: a native one may be there without its binary. */
export function hasPackage(name: string): boolean {
  try {
    createRequire(__filename)(name);
    return true;
  } catch {
    return false;
  }
}
