import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { findProgram } from "../runner/programs";
import { freePort } from "../runner/freePort";

const host = "127.0.0.1";
const isReady = /Server listening/;
/** Where an sshd that root starts puts its unprivileged half; services create it, a test starts no service. Source: sshd(8). */
const privilegeSeparation = "/run/sshd";

export interface SshServerSettings {
  /** The command behind the subsystem `powershell`. */
  readonly command: string;
  /** Laid over the environment of that command. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * An OpenSSH server on this computer, with a configuration, a port and keys of its own, which lets in the account that runs
 * the tests; and what a client requires to reach it. Nothing of the computer's own SSH configuration is read. Source:
 * sshd_config(5), ssh_config(5), ssh-keygen(1).
 */
export class SshServer {
  #sshd: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(settings: SshServerSettings): Promise<SshServer> {
    const server = new SshServer(mkdtempSync(join(tmpdir(), "sshd-")), await freePort());
    try {
      server.#createKeys();
      server.#configureServer(settings);
      server.#configureClient();
      await server.#listen();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  readonly host = host;
  readonly username = userInfo().username;

  /** The private key of the account that is let in. */
  get keyFile(): string {
    return this.#file("client");
  }

  /** A private key that the server does not know. */
  get strangerKeyFile(): string {
    return this.#file("stranger");
  }

  /** `PATH` with an `ssh` in front that knows this server's key and reads no other configuration. */
  get path(): string {
    return [this.#file("bin"), process.env["PATH"]].join(delimiter);
  }

  /** Lets the client expect another key than the server has, as if a stranger stood between them. */
  replaceKnownKey(): void {
    this.#writeKnownHosts("stranger.pub");
  }

  async stop(): Promise<void> {
    const sshd = this.#sshd;
    this.#sshd = undefined;
    if (sshd !== undefined && sshd.exitCode === null) {
      const exited = once(sshd, "exit");
      sshd.kill();
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.folder, name);
  }

  #write(name: string, lines: readonly string[]): void {
    writeFileSync(this.#file(name), `${lines.join("\n")}\n`, { mode: 0o600 });
  }

  #createKeys(): void {
    for (const name of ["host", "client", "stranger"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.#file(name)]);
    }
    copyFileSync(this.#file("client.pub"), this.#file("authorized_keys"));
  }

  #configureServer({ command, environment }: SshServerSettings): void {
    const variables = Object.entries(environment).map(([name, value]) => `"${name}=${value}"`);
    this.#write("sshd_config", [
      `ListenAddress ${host}:${this.port}`,
      `HostKey ${this.#file("host")}`,
      `AuthorizedKeysFile ${this.#file("authorized_keys")}`,
      "PidFile none",
      "UsePAM no",
      // The folder of temporary files can be written by everybody.
      "StrictModes no",
      "AuthenticationMethods publickey",
      "PermitRootLogin prohibit-password",
      `SetEnv ${variables.join(" ")}`,
      `Subsystem powershell ${command}`,
    ]);
    if (userInfo().uid === 0) mkdirSync(privilegeSeparation, { recursive: true, mode: 0o755 });
  }

  #configureClient(): void {
    this.#write("ssh_config", [
      `UserKnownHostsFile ${this.#file("known_hosts")}`,
      "GlobalKnownHostsFile none",
      "StrictHostKeyChecking yes",
      "IdentitiesOnly yes",
      "IdentityAgent none",
    ]);
    this.#writeKnownHosts("host.pub");
    mkdirSync(this.#file("bin"));
    const wrapper = this.#file("bin/ssh");
    writeFileSync(wrapper, `#!/bin/sh\nexec ${findProgram("ssh") ?? "ssh"} -F ${this.#file("ssh_config")} "$@"\n`);
    chmodSync(wrapper, 0o755);
  }

  #writeKnownHosts(publicKey: string): void {
    const [type = "", key = ""] = readFileSync(this.#file(publicKey), "utf8").split(" ");
    this.#write("known_hosts", [`[${host}]:${this.port} ${type} ${key}`]);
  }

  async #listen(): Promise<void> {
    const args = ["-D", "-e", "-f", this.#file("sshd_config")];
    // It starts itself for each connection, by its whole path.
    const sshd = spawn(findProgram("sshd") ?? "sshd", args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#sshd = sshd;
    const said: string[] = [];
    for await (const line of createInterface(sshd.stderr)) {
      said.push(line);
      if (isReady.test(line)) {
        sshd.stderr.resume();
        return;
      }
    }
    throw new Error(`sshd has ended: ${said.join("; ")}`);
  }
}
