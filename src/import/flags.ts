/**
 * From the flags of an endpoint of SCIMServer to settings. Only one of its flags is a choice here
 * too; what the others switched on is always on. Pure.
 */
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import type { ForeignValue } from '../sqlite/scimserver/tables.ts';
import type { Notes } from './findings.ts';
import { booleanOf } from './values.ts';

/** Flags whose behaviour cannot be switched off here: both ways of writing are understood. */
const ALWAYS_ON: Readonly<Record<string, string>> = {
  MultiOpPatchRequestAddMultipleMembersToGroup: 'several members in one add are always taken',
  MultiOpPatchRequestRemoveMultipleMembersFromGroup:
    'several members in one remove are always taken',
  VerbosePatchSupported: 'paths as keys are always put in their places (setting flatKeys)',
};

/** @param config JSON text of the endpoint's column, or null */
export function settingsOfFlags(config: ForeignValue, notes: Notes): JsonObject {
  const settings: JsonObject = {};
  for (const [flag, value] of Object.entries(parsed(config, notes))) {
    if (flag === 'PatchOpAllowRemoveAllMembers') {
      const allowed = asBoolean(value);
      if (allowed === undefined) {
        notes.add(
          'refused',
          flag,
          'takes true or false; the default of allowRemoveAllMembers holds',
        );
        continue;
      }
      settings['allowRemoveAllMembers'] = allowed;
      notes.add('mapped', flag, `setting allowRemoveAllMembers is ${String(allowed)}`);
    } else if (Object.hasOwn(ALWAYS_ON, flag)) {
      notes.add('mapped', flag, `no setting is needed: ${ALWAYS_ON[flag] ?? ''}`);
    } else if (flag === 'logLevel') {
      notes.add('dropped', flag, 'what is logged of requests is the setting requestLog');
    } else {
      notes.add('dropped', flag, 'no flag that SCIMServer used');
    }
  }
  return settings;
}

function parsed(config: ForeignValue, notes: Notes): JsonObject {
  if (config === null || config === '') return {};
  try {
    const value = JSON.parse(String(config)) as JsonValue;
    if (value === null) return {};
    if (isObject(value)) return value;
  } catch {
    // What it says is told below; the parser's own words would repeat the text.
  }
  notes.add('refused', 'config', 'is no JSON object: the endpoint has the default settings');
  return {};
}

function asBoolean(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' || typeof value === 'number' ? booleanOf(value) : undefined;
}
