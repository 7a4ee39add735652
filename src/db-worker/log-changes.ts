/** Changes of the log that somebody asked for and waits for: a slice of a clearing, a change of runs. */
import { assert } from '../platform/assert.ts';
import type { Run, RunChange } from '../store/request-logs.ts';
import { numberAt, stringAt, type Frame } from '../threads/frame.ts';
import type { Call } from '../threads/rpc-server.ts';
import { FrameReader } from './frame-reader.ts';
import { METHOD } from './messages.ts';
import type { RequestLog } from './request-log.ts';

export function isLogChange({ method }: Call): boolean {
  return method === METHOD.clearLog || method === METHOD.changeRun;
}

/** @throws Error when the log cannot be written */
export function changeLog(log: RequestLog, { method, frame }: Call): Frame {
  const slots = new FrameReader(frame);
  if (method === METHOD.clearLog) return log.clear(slots.optionalText(), slots.optionalNumber());
  return encodeRun(log.changeRun(decodeRunChange(frame)));
}

export function encodeRunChange(change: RunChange): Frame {
  const { kind, endpointId, id } = change;
  return kind === 'toggle'
    ? [kind, endpointId, id, change.label, change.now]
    : [kind, endpointId, id];
}

export function decodeRun(frame: Frame): Run | undefined {
  if (frame.length === 0) return undefined;
  const slots = new FrameReader(frame);
  return {
    id: slots.text(),
    endpointId: slots.text(),
    label: slots.text(),
    startedAt: slots.number(),
    endedAt: slots.optionalNumber(),
    after: slots.number(),
    last: slots.optionalNumber(),
  };
}

function decodeRunChange(frame: Frame): RunChange {
  const kind = stringAt(frame, 0);
  const base = { endpointId: stringAt(frame, 1), id: stringAt(frame, 2) };
  if (kind === 'remove') return { kind, ...base };
  assert(kind === 'toggle', 'a change of runs');
  return { kind, ...base, label: stringAt(frame, 3), now: numberAt(frame, 4) };
}

function encodeRun(run: Run | undefined): Frame {
  if (run === undefined) return [];
  const { id, endpointId, label, startedAt, endedAt, after, last } = run;
  return [id, endpointId, label, startedAt, endedAt ?? null, after, last ?? null];
}
