/**
 * A slice of a bulk on its way to the writer, and how its operations ended on the way back, as
 * frames of primitives like all that crosses (see messages.ts).
 */
import type { BulkOperation, BulkUnit, PatchCommand, ResourceWrite } from '../store/commands.ts';
import { describeError, rebuildError } from '../store/error-transport.ts';
import type { BulkOutcome } from '../store/results.ts';
import type { Frame, FrameValue } from '../threads/frame.ts';
import { errorFromFrame, errorToFrame } from '../threads/serialized-error.ts';
import { FrameReader } from './frame-reader.ts';
import { appendCommand, readCommand } from './messages.ts';

/** Units that are carried out in one transaction, and what became of the slices before. */
export interface BulkSlice {
  readonly kind: 'bulkSlice';
  readonly units: readonly BulkUnit[];
  /** Positions of operations that failed in earlier slices. */
  readonly failed: readonly number[];
  /** After so many more failures no further unit is begun; undefined: all are. */
  readonly failuresLeft: number | undefined;
}

/** How one operation ended; `warning` is for the request log. */
export interface SliceOutcome {
  readonly position: number;
  readonly outcome: BulkOutcome;
  readonly warning: string | undefined;
}

/** @param units as `appendUnit` has written them */
export function encodeSlice(
  { failed, failuresLeft }: Pick<BulkSlice, 'failed' | 'failuresLeft'>,
  units: Frame,
): Frame {
  return [failuresLeft ?? null, failed.length, ...failed, ...units];
}

export function appendUnit(frame: FrameValue[], unit: BulkUnit): void {
  frame.push(unit.length);
  for (const operation of unit) appendOperation(frame, operation);
}

export function decodeSlice(frame: Frame): BulkSlice {
  const slots = new FrameReader(frame);
  const failuresLeft = slots.optionalNumber();
  const failed = readNumbers(slots);
  const units: BulkUnit[] = [];
  while (!slots.atEnd) {
    units.push(Array.from({ length: slots.number() }, () => readOperation(slots)));
  }
  return { kind: 'bulkSlice', units, failed, failuresLeft };
}

export function encodeOutcomes(outcomes: readonly SliceOutcome[]): Frame {
  const frame: FrameValue[] = [];
  for (const { position, outcome, warning } of outcomes) {
    frame.push(outcome.kind, position, warning ?? null);
    if (outcome.kind === 'done') {
      const { created, lastModified, version, changed, sequence } = outcome.result;
      frame.push(created, lastModified, version, changed ? 1 : 0, sequence);
    } else if (outcome.kind === 'failed') {
      frame.push(...errorToFrame(describeError(outcome.error)));
    } else if (outcome.kind === 'needsFailed') {
      frame.push(outcome.position);
    }
  }
  return frame;
}

export function decodeOutcomes(frame: Frame): SliceOutcome[] {
  const slots = new FrameReader(frame);
  const outcomes: SliceOutcome[] = [];
  while (!slots.atEnd) {
    const kind = slots.text();
    const position = slots.number();
    const warning = slots.optionalText();
    outcomes.push({ position, warning, outcome: readOutcome(kind, slots) });
  }
  return outcomes;
}

function appendOperation(frame: FrameValue[], operation: BulkOperation): void {
  const { position, command, afterwards, needs } = operation;
  frame.push(position, needs.length);
  for (const need of needs) frame.push(need);
  for (const each of [command, afterwards]) {
    if (each === undefined) frame.push(null);
    else appendCommand(frame, each);
  }
}

function readOperation(slots: FrameReader): BulkOperation {
  const position = slots.number();
  const needs = readNumbers(slots);
  const command = readWrite(slots);
  const afterwards = readWrite(slots);
  return { position, needs, command, afterwards: asPatch(afterwards) };
}

function readWrite(slots: FrameReader): ResourceWrite | undefined {
  const kind = slots.optionalText();
  if (kind === undefined) return undefined;
  const command = readCommand(kind, slots);
  if (!('type' in command)) throw new Error(`a bulk holds no command ${kind}`);
  return command;
}

function asPatch(command: ResourceWrite | undefined): PatchCommand | undefined {
  if (command === undefined || command.kind === 'patch') return command;
  throw new Error(`what comes afterwards is a patch, not a ${command.kind}`);
}

function readOutcome(kind: string, slots: FrameReader): BulkOutcome {
  switch (kind) {
    case 'done': {
      const result = {
        created: slots.number(),
        lastModified: slots.number(),
        version: slots.number(),
        changed: slots.number() === 1,
        sequence: slots.number(),
        document: undefined,
      };
      return { kind, result };
    }
    case 'failed': {
      const error = [slots.text(), slots.text(), slots.optionalNumber(), slots.optionalText()];
      return {
        kind,
        error: rebuildError(errorFromFrame(error.map((slot) => slot ?? null))),
      };
    }
    case 'wrong':
      return { kind };
    case 'needsFailed':
      return { kind, position: slots.number() };
    default:
      throw new Error(`no operation ends as ${kind}`);
  }
}

function readNumbers(slots: FrameReader): number[] {
  return Array.from({ length: slots.number() }, () => slots.number());
}
