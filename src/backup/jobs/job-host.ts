/** What a job is given by whoever runs it: the time, and whom to tell of the pin. */
import type { Clock } from '../../platform/clock.ts';

export interface JobHost {
  readonly clock: Clock;
  /** A commit is pinned: until `onUnpinned` the WAL of a live database cannot begin anew. */
  onPinned(sequence: number): void;
  /** No live database is held any longer: what remains to be done is in no hurry. */
  onUnpinned(): Promise<void>;
}
