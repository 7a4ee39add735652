/** A filter worker that never looks at its stop flag and never ends a filter. */
import type { Done, Task } from '../messages.ts';
import { statsReply } from './done.ts';

export function run({ job }: Task): Done {
  while (job.kind === 'search');
  return statsReply(42);
}
