/**
 * Looks into a database at one commit: position, rows, on request a hash over all content. Safe
 * beside a server. It never writes, and leaves no file behind.
 */
import { hashContents, readContents, readSequence } from '../../sqlite/contents.ts';
import { openToInspect } from '../../sqlite/copy.ts';
import type { JobHost } from './job-host.ts';
import type { DatabaseFacts, InspectJob } from './messages.ts';

/** @throws SqliteError when there is no database, or it cannot be read */
export function inspectDatabase({ path, hash }: InspectJob, host: JobHost): DatabaseFacts {
  const db = openToInspect(path);
  try {
    db.exec('BEGIN');
    host.onPinned(readSequence(db));
    return { ...readContents(db), contentSha256: hash ? hashContents(db) : undefined };
  } finally {
    db.close();
  }
}
