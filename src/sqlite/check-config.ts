/**
 * Looks at all stored resources of an endpoint that a new config could be at odds with: at one
 * snapshot, in slices, far from the writer. What it finds holds for as long as nothing is written;
 * whether that is so only the writer can say.
 */
import { notFound } from '../scim/errors.ts';
import { isObject, type JsonValue } from '../scim/json.ts';
import { misfitText, type StoredFacts, type TypeChange } from '../scim/schema/profile-change.ts';
import type { Verdict } from '../store/commands.ts';
import { configChanges, type ConfigLimits, replaceConfig } from '../store/endpoint-config.ts';
import type { StoredRow } from './profile-reader.ts';
import type { Reader } from './reader.ts';
import { parseStoredConfig } from './stored-config.ts';

/** A check as plain data that crosses threads. */
export interface ConfigCheck {
  /** Row of the endpoint. */
  readonly endpoint: number;
  /** JSON text of what is to take the place of the stored config. */
  readonly config: string;
}

export interface CheckBounds {
  readonly limits: ConfigLimits;
  readonly sliceRows: number;
  /** Called before each slice; throws to end the check. */
  readonly keepGoing: () => void;
}

interface Misfits {
  count: number;
  first: { readonly type: string; readonly id: string; readonly fault: string } | undefined;
}

/** @throws ScimError 400 for a config that is wrong, 404 when the endpoint is gone */
export function checkConfig(reader: Reader, ask: ConfigCheck, bounds: CheckBounds): Verdict {
  return reader.snapshot(() => {
    const stored = reader.profiles.configOf(ask.endpoint);
    if (stored === undefined) throw notFound('the endpoint is not there any more');
    const before = parseStoredConfig(stored);
    const after = replaceConfig(before, parseStoredConfig(ask.config));
    const misfits: Misfits = { count: 0, first: undefined };
    for (const change of configChanges(before, after, bounds.limits)) {
      checkType(reader, ask.endpoint, change, bounds, misfits);
    }
    const { count, first } = misfits;
    return { misfit: first && misfitText(count, first) };
  });
}

function checkType(
  reader: Reader,
  endpoint: number,
  { type, faultOf }: TypeChange,
  { sliceRows, keepGoing }: CheckBounds,
  misfits: Misfits,
): void {
  let after = '';
  for (;;) {
    keepGoing();
    const rows = reader.profiles.slice(endpoint, type, after, sliceRows);
    for (const row of rows) {
      const fault = faultOf(factsOf(row));
      if (fault === undefined) continue;
      misfits.count += 1;
      misfits.first ??= { type, id: row.id, fault };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < sliceRows) return;
    after = last.id;
  }
}

function factsOf({ document: text, secrets, hasMembers }: StoredRow): StoredFacts {
  const document = JSON.parse(text) as JsonValue;
  if (!isObject(document)) throw new Error('a stored document is no JSON object');
  const places = secrets === '[]' ? NONE : new Set(JSON.parse(secrets) as string[]);
  return { document, secrets: places, hasMembers: hasMembers === 1 };
}

const NONE: ReadonlySet<string> = new Set();
