/**
 * The JSON values that SCIM messages are made of. `JSON.parse` answers `unknown` to us until
 * `isObject` or a schema has looked at it.
 */

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** True for a JSON object; arrays and null are not objects here. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
