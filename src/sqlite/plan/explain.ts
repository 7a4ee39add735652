/**
 * A plan as an administrator reads it: plain JSON, in the words of filters and indexes. Values of the
 * filter may be left out, because they may be personal data.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';
import { printFilter, printFilterShape } from '../../scim/filter/print.ts';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import type { Access, Probe, Range } from './access.ts';
import type { FilterPlan } from './choose.ts';
import { END, type Key } from './intervals.ts';

export type Values = 'shown' | 'hidden';

/** Characters shown of a filter: a line of a log should stay one. */
const FILTER_LENGTH = 2000;

/** Alternatives shown of a union; there may be hundreds. */
const PARTS_SHOWN = 10;

/** How candidates are found. */
export function describeAccess(access: Access | undefined, values: Values): JsonObject {
  if (access === undefined) return { kind: 'all resources' };
  if (access.kind !== 'union') return describePart(access, values);
  const parts = access.parts.slice(0, PARTS_SHOWN).map((part) => describePart(part, values));
  return { kind: 'union', of: access.parts.length, parts };
}

/** What is looked at for each candidate. */
export function describeChecks({ members, residual }: FilterPlan, values: Values): JsonObject {
  return {
    ...(members.length === 0 ? {} : { membersByIndex: members.length }),
    ...(residual === undefined ? {} : { filter: describeFilter(residual, values) }),
  };
}

export function describeFilter(filter: FilterNode, values: Values): string {
  const text = values === 'shown' ? printFilter(filter) : printFilterShape(filter);
  return text.length <= FILTER_LENGTH ? text : `${text.slice(0, FILTER_LENGTH)}…`;
}

function describePart(part: Probe | Range, values: Values): JsonObject {
  const index = indexName(part);
  if (part.kind === 'probe') {
    return { kind: 'probe', index, ...(values === 'shown' ? { key: part.value } : {}) };
  }
  if (values === 'hidden') return { kind: 'range', index };
  return { kind: 'range', index, from: describeKey(part.low), before: describeKey(part.high) };
}

function indexName(part: Probe | Range): string {
  const on = part.kind === 'probe' ? part.by : part.on;
  switch (on) {
    case 'name':
      return 'unique name';
    case 'lastModified':
      return 'meta.lastModified';
    case 'member':
      return 'members.value';
    case 'group':
      return 'groups.value';
    case 'unique':
      return part.kind === 'probe' && part.by === 'unique' ? part.place : on;
    case 'attribute':
      return 'path' in part ? part.path : on;
    default:
      return on;
  }
}

/** Null where there is no end. */
function describeKey(key: Key): JsonValue {
  if (Buffer.isBuffer(key)) return key.equals(END) ? null : key.toString('hex');
  return typeof key === 'number' && !Number.isFinite(key) ? null : key;
}
