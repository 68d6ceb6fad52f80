import type { Deploy } from "../core/deploy.ts";
import type { InstanceBook } from "../core/new-instances.ts";

/** What the log book asks about, kept up to date by the watch. Times in ms. */
export interface WatchFacts {
  deploy: Deploy | undefined;
  liveAt: number | undefined;
  instances: InstanceBook;
  /** Up to when the whole log window was read a second time. */
  rereadTo: number | undefined;
}
