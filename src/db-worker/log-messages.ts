/**
 * Rows and contents of the request log on their way to the writer, as frames of primitives like all
 * that crosses (see messages.ts).
 */
import type { Frame, FrameValue } from '../threads/frame.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { RequestContent } from '../store/request-content.ts';
import type { FrameReader } from './frame-reader.ts';

export interface LogBundle {
  readonly rows: readonly RequestLogEntry[];
  /** Each belongs to one of these rows, or to one that came before. */
  readonly contents: readonly RequestContent[];
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

export function encodeLogBundle({ rows, contents }: LogBundle): Frame {
  const frame: FrameValue[] = [rows.length];
  for (const row of rows) appendRow(frame, row);
  for (const content of contents) {
    frame.push(content.key, content.requestHeaders, content.requestBody ?? null);
    frame.push(content.responseHeaders, content.responseBody ?? null);
    frame.push(content.responseBytes ?? null);
  }
  return frame;
}

export function readLogBundle(slots: FrameReader): LogBundle {
  const rows = Array.from({ length: slots.number() }, () => readRow(slots));
  const contents: RequestContent[] = [];
  while (!slots.atEnd) contents.push(readContent(slots));
  return { rows, contents };
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

function readContent(slots: FrameReader): RequestContent {
  return {
    key: slots.number(),
    requestHeaders: slots.text(),
    requestBody: slots.optionalText(),
    responseHeaders: slots.text(),
    responseBody: slots.optionalText(),
    responseBytes: slots.optionalNumber(),
  };
}
