/** A filter worker that dies of a filter and answers everything else. */
import type { Reply, Task } from '../messages.ts';

export function run({ job }: Task): Reply {
  if (job.kind === 'search') process.exit(7);
  return { kind: 'stats', answer: { resources: {}, memberships: 42 } };
}
