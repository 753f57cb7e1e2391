import type { FileAccess } from "./fileAccess";
import type { Processes } from "./lock";

/** What a store is built on; tests bring their own. */
export interface StoreOptions {
  readonly files?: FileAccess;
  readonly processes?: Processes;
}
