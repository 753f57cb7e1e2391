import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { holdsSecret, SecretBox } from "./secrets";
import type { PendingOperation, ResourceState, StackState } from "./state";
import type { PropertyValue } from "./values";

const fileSchema = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({
    secrets_providers: z.object({ type: z.literal("passphrase"), state: z.object({ salt: z.string() }) }).optional(),
    resources: z.array(z.looseObject({ urn: z.string(), type: z.string(), custom: z.boolean() })).optional(),
    pending_operations: z.array(z.looseObject({ type: z.string() })).optional(),
  }),
});

/** A stack's state in one file, in the shape of `pulumi stack export`. */
export class StateFile {
  readonly #file: string;
  readonly #passphrase: string;
  #box: SecretBox | undefined;

  constructor(file: string, passphrase: string) {
    this.#file = path.resolve(file);
    this.#passphrase = passphrase;
  }

  /** The state with its secrets opened; a stack without file is empty. */
  load(): StackState {
    const { deployment } = this.#read() ?? {};
    if (deployment === undefined) return { resources: [], pendingOperations: [] };
    const salt = deployment.secrets_providers?.state.salt;
    // The file is this engine's own; the schema has made sure that it is one at all.
    const sealed = [deployment.resources ?? [], deployment.pending_operations ?? []] as unknown as PropertyValue[];
    if (salt !== undefined && holdsSecret(sealed)) this.#box = new SecretBox(this.#passphrase, salt);
    const box = this.#box;
    const [resources, pendingOperations] = box === undefined ? sealed : sealed.map((part) => box.openAll(part));
    return {
      resources: resources as unknown as ResourceState[],
      pendingOperations: pendingOperations as unknown as PendingOperation[],
      ...(salt === undefined ? {} : { salt }),
    };
  }

  /** Replaces the file in one move: a reader, or a run after a crash, finds either the old or the new state whole. */
  save(state: StackState): void {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const temporary = `${this.#file}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(this.#sealed(state), undefined, 1)}\n`, { mode: 0o600 });
    renameSync(temporary, this.#file);
  }

  /** The state as `pulumi stack export` prints it, secrets encrypted. */
  export(): object {
    return this.#read() ?? exportOf([[], []], undefined);
  }

  /** The state as `pulumi stack export --show-secrets` prints it: for tests, never for the disk. */
  exportInClear(): object {
    const { resources, pendingOperations, salt } = this.load();
    return exportOf([resources, pendingOperations] as unknown as PropertyValue[], salt);
  }

  #read(): z.output<typeof fileSchema> | undefined {
    return existsSync(this.#file) ? fileSchema.parse(JSON.parse(readFileSync(this.#file, "utf8"))) : undefined;
  }

  #sealed(state: StackState): object {
    const parts = [state.resources, state.pendingOperations] as unknown as PropertyValue;
    if (holdsSecret(parts)) this.#box ??= new SecretBox(this.#passphrase, state.salt);
    const sealed = this.#box === undefined ? parts : this.#box.sealAll(parts);
    return exportOf(sealed as PropertyValue[], this.#box?.salt ?? state.salt);
  }
}

function exportOf([resources, pending]: PropertyValue[], salt: string | undefined): object {
  const isFilled = (list: PropertyValue | undefined): boolean => Array.isArray(list) && list.length > 0;
  return {
    version: 3,
    deployment: {
      manifest: { time: new Date().toISOString(), magic: "", version: "built-in" },
      ...(salt === undefined ? {} : { secrets_providers: { type: "passphrase", state: { salt } } }),
      ...(isFilled(resources) ? { resources } : {}),
      ...(isFilled(pending) ? { pending_operations: pending } : {}),
      metadata: {},
    },
  };
}
