/** Checks that what a job's thread says is a report; the thread is of this build, and pairs kind and fields. */
import { assert } from '../../platform/assert.ts';
import type { JobReport } from './messages.ts';

const KINDS: ReadonlySet<unknown> = new Set<JobReport['kind']>(['pinned', 'failed', 'done']);

/** @throws AssertionFailed */
export function parseReport(message: unknown): JobReport {
  assert(isReport(message), 'a job thread reports as agreed');
  return message;
}

function isReport(message: unknown): message is JobReport {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && KINDS.has(message.kind)
  );
}
