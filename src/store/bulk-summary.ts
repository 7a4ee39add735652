/** What the request log says of a bulk: one line, the same whichever engine carried it out. */
import type { BulkResult } from './results.ts';

/**
 * `12 operations: 10 done, 2 failed`.
 * @param count operations of the request
 * @param warning of one of its operations
 */
export function bulkSummary(
  count: number,
  { outcomes, interrupted }: BulkResult,
  warning: string | undefined,
): string {
  let done = 0;
  for (const { kind } of outcomes.values()) if (kind === 'done') done += 1;
  const notBegun = count - outcomes.size;
  return [
    `${count} operations: ${done} done, ${outcomes.size - done} failed`,
    ...(notBegun === 0 ? [] : [`, ${notBegun} not begun`]),
    ...(interrupted === undefined ? [] : [`; interrupted: ${interrupted.message}`]),
    ...(warning === undefined ? [] : [`; ${warning}`]),
  ].join('');
}
