/** A filter worker that takes more memory for a filter than it has, and answers everything else. */
import type { Done, Task } from '../messages.ts';
import { statsReply } from './done.ts';

export function run({ job }: Task): Done {
  const held: number[][] = [];
  while (job.kind === 'search') held.push(Array.from({ length: 10_000 }, (_, n) => n + 0.5));
  return statsReply(42);
}
