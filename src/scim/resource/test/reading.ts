/**
 * Short forms for tests of how bodies are read: what comes out of one, and what a refusal says.
 */
import type { Test } from 'tap';
import { LENIENT, STRICT } from '../../dialect.ts';
import { ScimError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import { deviceType, OWNER, userType } from '../../schema/test/types.ts';
import { canonicalizeResource, type CanonicalizeOptions } from '../canonicalize.ts';

export const DROP = { ...LENIENT, unknownAttributes: 'drop' } as const;
export const KEEP = { ...LENIENT, unknownAttributes: 'keep' } as const;
export const REFUSE = { ...LENIENT, unknownAttributes: 'refuse' } as const;
/** The letter of the RFCs, and nothing that the schema lacks. */
export const LETTER = { ...STRICT, unknownAttributes: 'refuse' } as const;

/** The canonical form of a user with the given attributes beside `userName`, without that. */
export function readUser(attributes: JsonObject, options: CanonicalizeOptions = DROP): JsonObject {
  const read = canonicalizeResource(userType, { userName: 'u', ...attributes }, options);
  return without(read, 'userName');
}

/** The canonical form of a Device with the given attributes beside its owner, without that. */
export function readDevice(attributes: JsonObject): JsonObject {
  const body = { [OWNER]: { owner: 'o' }, ...attributes };
  return without(canonicalizeResource(deviceType, body, DROP), OWNER);
}

/** Asserts that reading is refused with a 400 of the type and exactly this detail. */
export function refused(t: Test, read: () => unknown, scimType: string, detail: string): void {
  try {
    read();
  } catch (error) {
    t.ok(error instanceof ScimError, String(error));
    t.match(error, { status: 400, scimType });
    t.equal(error instanceof ScimError && error.message, detail);
    return;
  }
  t.fail(`not refused: ${detail}`);
}

/** A body as it comes from the network, with keys that no object literal can have. */
export function parsed(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
