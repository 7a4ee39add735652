/**
 * Which operations of a slice are tried, and how each ended (RFC 7644 §3.7). Pure but for `together`,
 * which carries all of some commands out or none: an operation is atomic, and one that needs a
 * failed one fails untried. Operations that refer to each other in a circle are one unit, because
 * the failure of one takes from the others what they refer to.
 */
import { assert } from '../platform/assert.ts';
import { toError } from '../platform/thrown.ts';
import type { BulkOperation, BulkUnit, ResourceWrite } from '../store/commands.ts';
import type { BulkOutcome } from '../store/results.ts';
import type { Applied } from './apply-command.ts';
import type { BulkSlice, SliceOutcome } from './bulk-messages.ts';

/** All of the commands were carried out, or none, because the one at index `at` failed. */
export type Together =
  | { readonly ok: true; readonly applied: readonly Applied[] }
  | { readonly ok: false; readonly error: unknown; readonly at: number };

/** An outcome before its transaction has ended. */
export interface SliceAttempt extends Omit<SliceOutcome, 'outcome'> {
  readonly outcome:
    | Exclude<BulkOutcome, { kind: 'done' }>
    | { readonly kind: 'done'; readonly result: Applied['result'] };
}

/** @returns how those ended that were begun */
export function applySlice(
  slice: BulkSlice,
  together: (commands: readonly ResourceWrite[]) => Together,
): SliceAttempt[] {
  const attempts: SliceAttempt[] = [];
  const failed = new Set(slice.failed);
  let failuresLeft = slice.failuresLeft ?? Infinity;
  for (const unit of slice.units) {
    if (failuresLeft <= 0) break;
    for (const attempt of tryUnit(unit, failed, together)) {
      attempts.push(attempt);
      if (attempt.outcome.kind === 'done') continue;
      failed.add(attempt.position);
      failuresLeft -= 1;
    }
  }
  return attempts;
}

/** A command, and the operation that it belongs to. */
interface Step {
  readonly operation: BulkOperation;
  readonly command: ResourceWrite;
}

function tryUnit(
  unit: BulkUnit,
  failed: ReadonlySet<number>,
  together: (commands: readonly ResourceWrite[]) => Together,
): SliceAttempt[] {
  const steps: Step[] = [];
  for (const operation of unit) {
    const { position, command, needs } = operation;
    if (command === undefined) return failure(unit, position, { kind: 'wrong' });
    const need = needs.find((each) => failed.has(each));
    if (need !== undefined) return failure(unit, need, { kind: 'needsFailed', position: need });
    steps.push({ operation, command });
  }
  for (const operation of unit) {
    if (operation.afterwards !== undefined)
      steps.push({ operation, command: operation.afterwards });
  }
  const tried = together(steps.map(({ command }) => command));
  if (!tried.ok) {
    const culprit = steps[tried.at];
    assert(culprit !== undefined, 'what failed is one of the commands');
    const error = toError(tried.error);
    return failure(unit, culprit.operation.position, { kind: 'failed', error });
  }
  return unit.map((operation) => {
    const last = tried.applied[steps.findLastIndex((step) => step.operation === operation)];
    assert(last !== undefined, 'each command that was carried out has a result');
    const { result, warning } = last;
    return { position: operation.position, outcome: { kind: 'done', result }, warning };
  });
}

/** The culprit fails as told, the others of its unit because they refer to it, near or far. */
function failure(
  unit: BulkUnit,
  culprit: number,
  outcome: SliceAttempt['outcome'],
): SliceAttempt[] {
  return unit.map(({ position, command }) => {
    if (position === culprit) return { position, outcome, warning: undefined };
    const kind = command === undefined ? 'wrong' : 'needsFailed';
    return { position, outcome: { kind, position: culprit }, warning: undefined };
  });
}
