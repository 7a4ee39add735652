/** Rows and contents of the request log on their way to the writer, as frames (see messages.ts). */
import type { Frame, FrameValue } from '../threads/frame.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { FrameReader } from './frame-reader.ts';
import type { LogChunk } from './log-packer.ts';

export interface LogBundle {
  readonly rows: readonly RequestLogEntry[];
  /** Each content in them belongs to one of these rows, or to one that came before. */
  readonly chunks: readonly LogChunk[];
}

/** @param log what the writer does not know from the command itself */
export function appendCommandLog(frame: FrameValue[], log: RequestLogEntry | undefined): void {
  if (log === undefined) {
    frame.push(null);
    return;
  }
  frame.push(log.time, log.requestId, log.method, log.target, log.requestBytes, log.status);
  frame.push(log.credentialId ?? null, log.userAgent ?? null, log.address ?? null);
  frame.push(log.contentKey ?? null, log.detail ?? null, log.who ?? null);
}

export function readCommandLog(
  slots: FrameReader,
  endpointId: string,
): RequestLogEntry | undefined {
  const time = slots.optionalNumber();
  if (time === undefined) return undefined;
  return {
    time,
    requestId: slots.text(),
    endpointId,
    method: slots.text(),
    target: slots.text(),
    requestBytes: slots.number(),
    status: slots.number(),
    durationMs: undefined,
    credentialId: slots.optionalText(),
    userAgent: slots.optionalText(),
    address: slots.optionalText(),
    contentKey: slots.optionalNumber(),
    detail: slots.optionalText(),
    who: slots.optionalText(),
  };
}

export function encodeLogBundle({ rows, chunks }: LogBundle): Frame {
  const frame: FrameValue[] = [rows.length];
  for (const row of rows) appendRow(frame, row);
  for (const { endpointId, keys, packed } of chunks) {
    frame.push(endpointId ?? null, packed, keys.length);
    for (const key of keys) frame.push(key);
  }
  return frame;
}

export function readLogBundle(slots: FrameReader): LogBundle {
  const rows = Array.from({ length: slots.number() }, () => readRow(slots));
  const chunks: LogChunk[] = [];
  while (!slots.atEnd) chunks.push(readChunk(slots));
  return { rows, chunks };
}

function appendRow(frame: FrameValue[], row: RequestLogEntry): void {
  frame.push(row.time, row.requestId, row.endpointId ?? null, row.method, row.target);
  frame.push(row.requestBytes, row.status, row.durationMs ?? null, row.detail ?? null);
  frame.push(row.credentialId ?? null, row.userAgent ?? null, row.address ?? null);
  frame.push(row.who ?? null, row.resourceType ?? null, row.resourceId ?? null);
  frame.push(row.responseBytes ?? null, row.contentKey ?? null);
}

function readRow(slots: FrameReader): RequestLogEntry {
  return {
    time: slots.number(),
    requestId: slots.text(),
    endpointId: slots.optionalText(),
    method: slots.text(),
    target: slots.text(),
    requestBytes: slots.number(),
    status: slots.number(),
    durationMs: slots.optionalNumber(),
    detail: slots.optionalText(),
    credentialId: slots.optionalText(),
    userAgent: slots.optionalText(),
    address: slots.optionalText(),
    who: slots.optionalText(),
    resourceType: slots.optionalText(),
    resourceId: slots.optionalText(),
    responseBytes: slots.optionalNumber(),
    contentKey: slots.optionalNumber(),
  };
}

function readChunk(slots: FrameReader): LogChunk {
  return {
    endpointId: slots.optionalText(),
    packed: slots.bytes(),
    keys: Array.from({ length: slots.number() }, () => slots.number()),
  };
}
