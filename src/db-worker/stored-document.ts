/** Stored documents as the writer looks into them: only when a PATCH or a comparison needs it. */
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { sameValue } from '../scim/same-value.ts';
import type { ResourceRow } from '../sqlite/tables/resources.ts';
import type { AppliedResult } from './apply-command.ts';

/** @throws Error when the text is no JSON object: the database is damaged */
export function parseDocument(text: string): JsonObject {
  const document = JSON.parse(text) as JsonValue;
  if (!isObject(document)) throw new Error('a stored document is no JSON object');
  return document;
}

/** Equal text, or equal content in another order of keys. */
export function sameDocument(a: string, b: string): boolean {
  if (a === b) return true;
  // Texts of equal content have equal length, so that this rarely parses.
  return a.length === b.length && sameValue(parseDocument(a), parseDocument(b));
}

/** What a command answers that made or changed a resource. */
export function changed(created: number, lastModified: number, version: number): AppliedResult {
  return { created, lastModified, version, changed: true, document: undefined };
}

/** What a command answers that left the resource as it was. */
export function unchanged(current: ResourceRow): AppliedResult {
  return {
    created: current.created,
    lastModified: current.modified,
    version: current.version,
    changed: false,
    document: undefined,
  };
}
