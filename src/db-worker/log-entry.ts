/** The log row of a command, once it is known how it ended: what the request said, and what only the writer knows. */
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import { ScimError } from '../scim/errors.ts';
import type { Command, RequestLogEntry } from '../store/commands.ts';
import { StoreError } from '../store/results.ts';
import type { Outcome, SliceEnd } from './write-engine.ts';

/** When the writer took a batch, and when it was durable; milliseconds since 1970. */
export interface BatchTimes {
  readonly began: number;
  readonly ended: number;
}

/** Undefined: none is wanted, or who asked comes again and is logged then. */
export function logEntryOf(
  command: Command,
  outcome: Outcome | SliceEnd,
  { began, ended }: BatchTimes,
): RequestLogEntry | undefined {
  const entry = command.log;
  if (entry === undefined || (!outcome.ok && isContended(outcome.error))) return undefined;
  return {
    ...entry,
    durationMs: ended - entry.time,
    queueMs: began - entry.time,
    commitMs: ended - began,
    status: outcome.ok ? entry.status : statusOf(outcome.error),
    detail: detailOf(entry, outcome),
    who: entry.who ?? whoOf(command) ?? (outcome.ok ? outcome.about : undefined),
    resourceType: 'type' in command ? command.type : undefined,
    resourceId: 'type' in command ? command.id : undefined,
  };
}

/** An entry that comes with a detail says by it that nothing else may be told. */
function detailOf({ detail }: RequestLogEntry, outcome: Outcome | SliceEnd): string | undefined {
  const text = outcome.ok ? outcome.warning : messageOf(outcome.error);
  return text === undefined ? undefined : (detail ?? text.slice(0, LIMITS.logTextChars));
}

function whoOf(command: Command): string | undefined {
  if (command.kind !== 'create' && command.kind !== 'replace') return undefined;
  const { name, display, externalId } = command;
  return [name, display, externalId].find((each) => each !== undefined && each !== '');
}

function isContended(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'contended';
}

/** The status that http answers for the error; http owns the mapping of StoreError, which is 503. */
function statusOf(error: unknown): number {
  if (error instanceof ScimError) return error.status;
  return error instanceof StoreError ? 503 : 500;
}
