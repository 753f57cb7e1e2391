import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../runner/freePort";
import { findProgram, pathWithServers } from "../runner/programs";

const programs = ["krb5kdc", "kadmin.local", "kdb5_util", "kinit", "klist", "kvno"];

/** Whether MIT Kerberos is here, with its servers. */
export function hasKerberos(): boolean {
  return programs.every((name) => findProgram(name) !== undefined);
}

export const realmName = "EXAMPLE.TEST";
/** The service as the client asks for it, and under the name that web servers have. */
const services = ["WSMAN/localhost", "HTTP/localhost"] as const;
const pollMs = 100;
const isReady = /commencing operation/;

/**
 * A Kerberos realm with a KDC, in a folder of its own and on a port of this computer; nothing of the computer's own
 * configuration is read, and no rights are needed. Source: MIT Kerberos documentation, krb5.conf, kdc.conf, kadmin.local.
 */
export class Realm {
  #kdc: ChildProcess | undefined;
  #users = 0;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly clockSkewSeconds: number,
  ) {}

  /** `clockSkewSeconds`: by how much clocks may differ, and how long an expired ticket is taken therefore. */
  static async start({ clockSkewSeconds = 1 } = {}): Promise<Realm> {
    const realm = new Realm(mkdtempSync(join(tmpdir(), "realm-")), await freePort(), clockSkewSeconds);
    try {
      realm.writeConfiguration();
      await realm.run("kdb5_util", ["create", "-r", realmName, "-s", "-P", "master"]);
      await realm.administer(
        ...services.map((name) => `add_principal -randkey ${name}`),
        `ktadd -k ${realm.file("host.keytab")} ${services.join(" ")}`,
      );
      await realm.startKdc();
    } catch (error) {
      await realm.stop();
      throw error;
    }
    return realm;
  }

  /** Environment of the side that accepts. */
  get hostEnvironment(): NodeJS.ProcessEnv {
    return { KRB5_CONFIG: this.file("krb5.conf"), KRB5_KTNAME: this.file("host.keytab") };
  }

  /** Environment of a user without tickets: each has a cache of its own. */
  newUser(): NodeJS.ProcessEnv {
    this.#users += 1;
    return { KRB5_CONFIG: this.file("krb5.conf"), KRB5CCNAME: `FILE:${this.file(`tickets-${this.#users}`)}` };
  }

  /** Gets tickets by password into the cache of that environment; `lifetime` as `kinit` takes it. */
  async kinit(name: string, password: string, environment: NodeJS.ProcessEnv, lifetime = "1h"): Promise<void> {
    await this.run("kinit", ["-l", lifetime, `${name}@${realmName}`], environment, `${password}\n`);
  }

  /** Waits until the tickets of that environment have expired, whether or not the KDC and hosts look away for a while yet. */
  async untilOutdated(environment: NodeJS.ProcessEnv): Promise<void> {
    while (this.succeeds("klist", ["-s"], environment)) await delay(pollMs);
  }

  /** Waits until the KDC no longer accepts the tickets of that environment, which only time can do. */
  async untilExpired(environment: NodeJS.ProcessEnv): Promise<void> {
    const copy = this.file("tickets-to-try");
    do {
      await delay(pollMs);
      // What the KDC gave for them would stay in the cache.
      copyFileSync((environment["KRB5CCNAME"] ?? "").replace("FILE:", ""), copy);
    } while (this.succeeds("kvno", [services[0]], { ...environment, KRB5CCNAME: `FILE:${copy}` }));
  }

  /** Writes the keys of a user into a file, which then is as good as the password. */
  async keytabOf(name: string): Promise<string> {
    const keytab = this.file(`${name}.keytab`);
    await this.administer(`ktadd -norandkey -k ${keytab} ${name}`);
    return keytab;
  }

  /** Queries of `kadmin.local`, one after the other. */
  async administer(...queries: readonly string[]): Promise<void> {
    for (const query of queries) await this.run("kadmin.local", ["-r", realmName, "-q", query]);
  }

  async startKdc(): Promise<void> {
    const kdc = spawn("krb5kdc", ["-n", "-r", realmName], {
      env: this.environment(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#kdc = kdc;
    for await (const line of createInterface(kdc.stderr)) if (isReady.test(line)) break;
    kdc.stderr.resume();
    if (kdc.exitCode !== null) throw new Error("the KDC has ended");
  }

  async stopKdc(): Promise<void> {
    const kdc = this.#kdc;
    this.#kdc = undefined;
    if (kdc === undefined || kdc.exitCode !== null) return;
    const exited = once(kdc, "exit");
    kdc.kill();
    await exited;
  }

  async stop(): Promise<void> {
    await this.stopKdc();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.folder, name);
  }

  private environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const own = { KRB5_CONFIG: this.file("krb5.conf"), KRB5_KDC_PROFILE: this.file("kdc.conf") };
    return { ...process.env, PATH: pathWithServers, LC_ALL: "C", ...own, ...more };
  }

  private succeeds(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): boolean {
    return spawnSync(program, args, { env: this.environment(environment) }).status === 0;
  }

  private async run(program: string, args: readonly string[], more?: NodeJS.ProcessEnv, input = ""): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const child = execFile(program, args, { env: this.environment(more) }, (error, _, errors) => {
        if (error === null) resolve();
        else reject(new Error(`${program}: ${errors}`));
      });
      // Most ask for nothing, and some have ended before they could be told so.
      child.stdin?.on("error", () => undefined).end(input);
    });
  }

  private writeConfiguration(): void {
    const place = `127.0.0.1:${this.port}`;
    const client = [
      "[libdefaults]",
      ` default_realm = ${realmName}`,
      " dns_lookup_kdc = false",
      " dns_lookup_realm = false",
      " dns_canonicalize_hostname = false",
      ' qualify_shortname = ""',
      " rdns = false",
      ` clockskew = ${this.clockSkewSeconds}`,
      "[realms]",
      ` ${realmName} = {\n  kdc = ${place}\n }`,
      "[domain_realm]",
      ` localhost = ${realmName}`,
    ];
    const server = [
      "[kdcdefaults]",
      ` kdc_listen = ${place}`,
      ` kdc_tcp_listen = ${place}`,
      "[realms]",
      ` ${realmName} = {`,
      `  database_name = ${this.file("principals")}`,
      `  key_stash_file = ${this.file("stash")}`,
      " }",
      "[logging]",
      " kdc = STDERR",
      " admin_server = STDERR",
      ` default = FILE:${this.file("log")}`,
    ];
    writeFileSync(this.file("krb5.conf"), `${client.join("\n")}\n`);
    writeFileSync(this.file("kdc.conf"), `${server.join("\n")}\n`);
  }
}
