/** A filter worker that dies of a filter and answers everything else. */
import type { Done, Task } from '../messages.ts';
import { statsReply } from './done.ts';

export function run({ job }: Task): Done {
  if (job.kind === 'search') process.exit(7);
  return statsReply(42);
}
