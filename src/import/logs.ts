/**
 * Rows of the source's request log, without headers, bodies and messages of errors: those of
 * SCIMServer were never masked, and stay in the old file. Rows go where ours go, in the order of their numbers.
 */
import type { ScimServerFile } from '../sqlite/scimserver/file.ts';
import type { ForeignRow } from '../sqlite/scimserver/tables.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { Store } from '../store/store.ts';
import { type Findings, Notes } from './findings.ts';
import type { ImportCounts } from './options.ts';
import { shown, textOf, timeOf } from './values.ts';

/** Handed over between two waits for the writer: far fewer than what it may be behind by. */
const PAGE_ROWS = 2000;
/** Characters of a target, and of any other text. */
const TARGET_LENGTH = 4096;
const TEXT_LENGTH = 1024;
/** A query that could hold a secret is not kept. */
const SECRET_QUERY = /password|passwd|secret|token|authorization|code=|key=/i;

export async function importLogs(
  source: ScimServerFile,
  store: Store,
  since: number,
  findings: Findings,
  counts: ImportCounts['logs'],
  advance: (count: number) => void,
): Promise<void> {
  for (const page of source.pages('RequestLog', PAGE_ROWS)) {
    for (const row of page) {
      const entry = entryOf(row, store);
      if (entry === undefined) {
        counts.refused += 1;
        const about = { endpoint: shown(row.endpointId), type: 'RequestLog', id: shown(row.id) };
        new Notes(findings, about).add('refused', '', 'no time, method, URL or status');
      } else if (entry.time < since) counts.tooOld += 1;
      else {
        store.log(entry);
        counts.taken += 1;
      }
    }
    await store.ping();
    advance(page.length);
  }
}

function entryOf(row: ForeignRow<'RequestLog'>, store: Store): RequestLogEntry | undefined {
  const time = timeOf(row.createdAt);
  const method = textOf(row.method);
  const url = textOf(row.url);
  const { status, durationMs } = row;
  if (time === undefined || method === undefined || url === undefined) return undefined;
  if (typeof status !== 'number') return undefined;
  const endpointId = textOf(row.endpointId);
  return {
    time,
    requestId: textOf(row.id) ?? '',
    endpointId: endpointId === undefined ? undefined : store.endpoint(endpointId)?.id,
    method: method.slice(0, TEXT_LENGTH),
    target: targetOf(url).slice(0, TARGET_LENGTH),
    requestBytes: 0,
    status: Math.trunc(status),
    durationMs: typeof durationMs === 'number' ? durationMs : undefined,
    // Theirs quote the arguments of calls to the database: passwords were among them.
    detail: undefined,
    who: lineOf(row.identifier),
  };
}

function targetOf(url: string): string {
  const query = url.indexOf('?');
  return query !== -1 && SECRET_QUERY.test(url.slice(query)) ? url.slice(0, query) : url;
}

function lineOf(value: ForeignRow<'RequestLog'>['identifier']): string | undefined {
  return textOf(value)?.replaceAll(/\s+/g, ' ').slice(0, TEXT_LENGTH);
}
