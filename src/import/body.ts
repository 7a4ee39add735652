/**
 * A resource of SCIMServer as the body of a request that would make it: its payload, and over it the
 * columns, which that server answered from. Pure.
 */
import { LIMITS } from '../platform/limits.ts';
import { foldAscii } from '../scim/fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { excessOf } from '../scim/json-shape.ts';
import { sameValue } from '../scim/same-value.ts';
import type { ForeignRow, ForeignValue } from '../sqlite/scimserver/tables.ts';
import type { Notes } from './findings.ts';
import { booleanOf, textOf } from './values.ts';

/** What our server makes or derives by itself, folded; memberships are rows. */
const OURS = new Set(['id', 'meta', 'schemas', 'groups', 'members']);

export function userBody(row: ForeignRow<'ScimUser'>, notes: Notes): JsonObject {
  const active = booleanOf(row.active);
  return bodyOf(row.rawPayload, notes, {
    userName: textOf(row.userName),
    externalId: textOf(row.externalId),
    active,
  });
}

export function groupBody(row: ForeignRow<'ScimGroup'>, notes: Notes): JsonObject {
  return bodyOf(row.rawPayload, notes, {
    displayName: textOf(row.displayName),
    externalId: textOf(row.externalId),
  });
}

/** @param columns by attribute; undefined where the payload alone may say something */
function bodyOf(
  payload: ForeignValue,
  notes: Notes,
  columns: Readonly<Record<string, string | boolean | undefined>>,
): JsonObject {
  const body: JsonObject = {};
  const given = new Map<string, [name: string, value: string | boolean]>();
  for (const [name, value] of Object.entries(columns)) {
    if (value === undefined) continue;
    given.set(foldAscii(name), [name, value]);
    body[name] = value;
  }
  for (const [key, value] of Object.entries(parsedPayload(payload, notes))) {
    const column = given.get(foldAscii(key));
    if (column !== undefined) {
      const [name, taken] = column;
      if (!agrees(value, taken)) {
        notes.add('changed', name, 'payload and column differ: the column is what was served');
      }
    } else if (key === '__proto__') {
      notes.add('dropped', key, 'no attribute may be called so');
    } else if (!OURS.has(foldAscii(key))) body[key] = value;
  }
  return body;
}

function parsedPayload(payload: ForeignValue, notes: Notes): JsonObject {
  if (payload === null || payload === '') return {};
  const text = String(payload);
  // What is nested too deeply would overflow the stack of whoever walks it, and end the import.
  const excess = excessOf(text, LIMITS);
  if (excess !== undefined) {
    notes.add('refused', 'rawPayload', `${excess}: only what has a column was taken`);
    return {};
  }
  try {
    const value = JSON.parse(text) as JsonValue;
    if (isObject(value)) return value;
  } catch {
    // Told below without the parser's words, which would repeat a piece of the payload.
  }
  notes.add('refused', 'rawPayload', 'is no JSON object: only what has a column was taken');
  return {};
}

function agrees(value: JsonValue, column: string | boolean): boolean {
  if (value === null || sameValue(value, column)) return true;
  if (typeof column !== 'boolean' || typeof value !== 'string') return false;
  return value.toLowerCase() === String(column);
}
