import type { LifecycleContext, Properties } from "./context";
import { type Kept, runRequest } from "./runRequest";

/**
 * Carries out a new request. The host is looked at first: the engine calls `create` again without any memory after a
 * kill, and a resync that runs by then is waited for.
 */
export async function create(news: Properties, context: LifecycleContext): Promise<Kept> {
  return runRequest(news, context);
}
