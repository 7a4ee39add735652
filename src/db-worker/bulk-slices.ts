/**
 * The main thread's half of a bulk: it cuts the units into slices and has one after the other
 * committed, each in a transaction that it may share with commands of others. The next slice is
 * made while the writer works on the last one. A slice that fails as a whole ends the bulk.
 */
import { setImmediate } from 'node:timers/promises';
import { toError } from '../platform/thrown.ts';
import type { BulkCommand } from '../store/commands.ts';
import type { BulkOutcome, BulkResult } from '../store/results.ts';
import { type Frame, type FrameValue, frameChars } from '../threads/frame.ts';
import { appendUnit, decodeOutcomes, encodeSlice, type SliceOutcome } from './bulk-messages.ts';

/** A slice is full when it has so many operations or so much text; a unit is never cut. */
export interface SliceBounds {
  readonly operations: number;
  readonly chars: number;
}

export interface SlicedResult extends BulkResult {
  /** The first one, for the request log. */
  readonly warning: string | undefined;
}

/** A slice as far as it can be made before those before it have ended. */
interface Draft {
  readonly units: FrameValue[];
  readonly positions: number[];
}

/**
 * @param send has a slice committed; resolves with its outcomes
 * @throws why the first slice failed as a whole; what the making of a unit throws
 */
export async function writeInSlices(
  command: Pick<BulkCommand, 'units' | 'failOnErrors'>,
  bounds: SliceBounds,
  send: (slice: Frame) => Promise<Frame>,
): Promise<SlicedResult> {
  const { failOnErrors = Infinity } = command;
  const outcomes = new Map<number, BulkOutcome>();
  const failed: number[] = [];
  let warning: string | undefined;
  const drafts = cut(command.units, bounds);
  let draft = await drafts.next();
  while (draft.done !== true && failed.length < failOnErrors) {
    const { units, positions } = draft.value;
    const left = failOnErrors - failed.length;
    const failuresLeft = left === Infinity ? undefined : left;
    const answer = settled(send(encodeSlice({ failed, failuresLeft }, units)));
    // Calls leave when the turn ends: only then is there something to overlap with.
    await setImmediate();
    const [ended, next] = await Promise.all([answer, drafts.next()]);
    if (ended instanceof Error) {
      if (outcomes.size === 0) throw ended;
      for (const each of positions) outcomes.set(each, { kind: 'failed', error: ended });
      return { outcomes, interrupted: ended, warning };
    }
    for (const each of ended) {
      outcomes.set(each.position, each.outcome);
      if (each.outcome.kind !== 'done') failed.push(each.position);
      warning ??= each.warning;
    }
    draft = next;
  }
  return { outcomes, interrupted: undefined, warning };
}

async function* cut(units: BulkCommand['units'], bounds: SliceBounds): AsyncGenerator<Draft> {
  let draft: Draft = { units: [], positions: [] };
  let chars = 0;
  for await (const unit of units) {
    const from = draft.units.length;
    appendUnit(draft.units, unit);
    chars += frameChars(draft.units.slice(from));
    for (const { position } of unit) draft.positions.push(position);
    if (draft.positions.length < bounds.operations && chars < bounds.chars) continue;
    yield draft;
    draft = { units: [], positions: [] };
    chars = 0;
  }
  if (draft.positions.length > 0) yield draft;
}

/** Never rejects: while the next slice is made, nobody looks at it. */
async function settled(answer: Promise<Frame>): Promise<SliceOutcome[] | Error> {
  try {
    return decodeOutcomes(await answer);
  } catch (error) {
    return toError(error);
  }
}
