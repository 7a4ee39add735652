/** The request log as a file: lines of JSON, a table, or an archive that a browser's network panel opens. */
import type { LoggedContent, LoggedRequest } from '../../store/request-logs.ts';
import type { RequestLogs } from '../ports.ts';
import { HAR_HEAD, HAR_TAIL, harEntry } from './har.ts';
import type { DownloadFormat } from './query.ts';
import { shownInFull, shownRequest } from './shown.ts';

export interface DownloadWriter {
  readonly contentType: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  /** Whether headers and bodies are part of it. */
  readonly wantsContents: boolean;
  readonly row: (request: LoggedRequest, content: LoggedContent | undefined) => string;
}

const COLUMNS = [
  'id',
  'createdAt',
  'method',
  'url',
  'status',
  'durationMs',
  'queueMs',
  'commitMs',
  'identifier',
  'resourceType',
  'resourceId',
  'errorMessage',
  'warning',
  'requestBytes',
  'responseBytes',
  'endpointId',
  'credentialId',
  'requestId',
  'address',
  'userAgent',
] as const;

const WRITERS: Readonly<Record<DownloadFormat, DownloadWriter>> = {
  ndjson: {
    contentType: 'application/x-ndjson',
    head: '',
    between: '\n',
    tail: '\n',
    wantsContents: true,
    row: (request, content) => JSON.stringify(shownInFull(request, content)),
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: `${COLUMNS.join(',')}\r\n`,
    between: '\r\n',
    tail: '\r\n',
    wantsContents: false,
    row: (request) => {
      const shown = shownRequest(request);
      return COLUMNS.map((column) => csvField(shown[column] ?? null)).join(',');
    },
  },
  har: {
    contentType: 'application/json',
    head: HAR_HEAD,
    between: ',',
    tail: HAR_TAIL,
    wantsContents: true,
    row: (request, content) => JSON.stringify(harEntry(request, content)),
  },
};

export function downloadWriter(format: DownloadFormat): DownloadWriter {
  return WRITERS[format];
}

/** The text of a file, a row at a time; each page is read when the one before has been written. */
export async function* writtenRows(
  writer: DownloadWriter,
  pages: AsyncIterable<readonly LoggedRequest[]>,
  logs: Pick<RequestLogs, 'contents'>,
): AsyncGenerator<string> {
  yield writer.head;
  let between = '';
  for await (const requests of pages) {
    const contents = writer.wantsContents ? await logs.contents(requests) : [];
    for (const [at, request] of requests.entries()) {
      yield between + writer.row(request, contents[at]);
      between = writer.between;
    }
  }
  yield writer.tail;
}

/**
 * RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe: any client may
 * choose its User-Agent and names.
 */
export function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
