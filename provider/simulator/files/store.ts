import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { SimulatorError } from "../simulatorError";
import { localFiles, type FileAccess } from "./fileAccess";
import type { StoreOptions } from "./storeOptions";
import { hostStateSchema, type HostState } from "../model/hostState";
import { nextEnd, reconcileJournal } from "./journal";
import type { JournalLine } from "../model/journalLine";
import { localProcesses, withLock, type HeldLock, type Processes } from "./lock";
import type { HostFiles } from "./scenarioFile";
import { problemLines } from "../scenario/zodMessages";

/** What a transaction leaves behind. */
export interface Change<Value> {
  readonly state: HostState;
  /** The call to be written into the journal, if the transaction was one. */
  readonly line?: JournalLine;
  readonly value: Value;
}

/** Left by a process that was killed in the middle of a write: nobody else is that slow. */
const litterAgeMs = 60_000;

/** The state file and the journal of one host, changed by one transaction at a time, whichever process it comes from. */
export class HostStore {
  private readonly files: FileAccess;
  private readonly processes: Processes;
  /** What was read or written last: reading the same text again needs no second check. */
  private known: { readonly text: string; readonly state: HostState } | undefined;

  constructor(
    readonly paths: HostFiles,
    { files = localFiles, processes = localProcesses }: StoreOptions = {},
  ) {
    this.files = files;
    this.processes = processes;
  }

  /** Runs one transaction on what the host remembers: `undefined` before the first. It gets a copy of its own. */
  async transact<Value>(change: (state: HostState | undefined) => Change<Value>, signal?: AbortSignal): Promise<Value> {
    return this.locked((lock) => {
      const before = this.readWhole();
      const { state, line, value } = change(structuredClone(before));
      const end = before?.journal ?? { bytesBefore: this.files.size(this.paths.journal), lastLine: "" };
      this.commit({ ...state, journal: line === undefined ? end : nextEnd(end, line) }, lock);
      return value;
    }, signal);
  }

  /** Looks at what the host remembers, and changes nothing. */
  async read<Value>(look: (state: HostState | undefined) => Value, signal?: AbortSignal): Promise<Value> {
    return this.locked(() => look(this.readWhole()), signal);
  }

  /** The text of the journal, whole lines only. */
  async readJournal(): Promise<string> {
    return this.locked(() => {
      this.readWhole();
      return this.files.read(this.paths.journal) ?? "";
    });
  }

  /** Begins again: another state, an empty journal. */
  async replace(state: HostState): Promise<void> {
    await this.locked((lock) => {
      this.commit({ ...state, journal: { bytesBefore: 0, lastLine: "" } }, lock);
    });
  }

  /** A look without the lock and without the journal: the file is whole at any time, and may be old by now. */
  peek(): HostState | undefined {
    const text = this.files.read(this.paths.state);
    return text === undefined ? undefined : this.parse(text);
  }

  /** Removes what killed processes left half written. */
  tidy(): void {
    const folder = dirname(this.paths.state);
    const wholes = [basename(this.paths.state), basename(this.paths.lock)];
    for (const name of this.files.list(folder)) {
      const draft = /^(.*)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(name);
      if (draft?.[1] === undefined || !wholes.includes(draft[1])) continue;
      const path = join(folder, name);
      if ((this.files.age(path) ?? 0) > litterAgeMs) this.files.remove(path);
    }
  }

  private async locked<Value>(action: (lock: HeldLock) => Value, signal?: AbortSignal): Promise<Value> {
    return withLock(this.files, this.paths.lock, action, { signal, processes: this.processes });
  }

  private readWhole(): HostState | undefined {
    const text = this.files.read(this.paths.state);
    if (text === undefined) return undefined;
    const state = this.known?.text === text ? this.known.state : this.parse(text);
    this.known = { text, state };
    return { ...state, journal: reconcileJournal(this.files, this.paths.journal, state.journal) };
  }

  /** State first, by a rename that shows the old file or the new one; then the line, which the state knows already. */
  private commit(state: HostState, lock: HeldLock): void {
    const text = JSON.stringify(state);
    const draft = `${this.paths.state}.${randomUUID()}`;
    this.files.write(draft, text);
    lock.confirm();
    this.files.rename(draft, this.paths.state);
    reconcileJournal(this.files, this.paths.journal, state.journal);
    this.known = { text, state };
  }

  private parse(text: string): HostState {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw this.unreadable("it is not JSON", cause);
    }
    const checked = hostStateSchema.safeParse(json);
    if (checked.success) return checked.data;
    throw this.unreadable(problemLines(checked.error).join("; "), checked.error);
  }

  private unreadable(why: string, cause: unknown): SimulatorError {
    return new SimulatorError(
      `cannot use the state file ${this.paths.state} of a simulated host: ${why}. Delete it to start again`,
      { cause },
    );
  }
}
