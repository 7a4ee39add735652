/**
 * A plain client for what is not measured: set-up and the independent reads after a run. Anything
 * but the expected answer throws.
 */
import type { JsonObject, JsonValue } from '../src/scim/json.ts';
import { isObject } from '../src/scim/json.ts';

export interface ScimClient {
  /** @param path behind the base: `/Users/…` */
  get(path: string): Promise<JsonObject>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
  patch(path: string, operations: readonly JsonObject[]): Promise<void>;
  /** `totalResults` of a list, without its resources. */
  total(path: string): Promise<number>;
}

export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export function scimClient(base: string, token: string): ScimClient {
  const call = async (method: string, path: string, body?: JsonObject): Promise<string> => {
    const response = await fetch(base + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  const get = async (path: string): Promise<JsonObject> => object(await call('GET', path));
  return {
    get,
    post: async (path, body) => object(await call('POST', path, body)),
    patch: async (path, operations) => {
      await call('PATCH', path, { schemas: [PATCH_SCHEMA], Operations: [...operations] });
    },
    total: async (path) => {
      const { totalResults } = await get(`${path}?count=0`);
      if (typeof totalResults !== 'number') throw new Error(`${path}: no totalResults`);
      return totalResults;
    },
  };
}

function object(text: string): JsonObject {
  const value = JSON.parse(text) as JsonValue;
  if (!isObject(value)) throw new Error(`not a JSON object: ${text.slice(0, 100)}`);
  return value;
}

/** True when `actual` holds everything that `expected` does; arrays element by element. */
export function holds(actual: JsonValue | undefined, expected: JsonValue): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((element, index) => holds(actual[index], element))
    );
  }
  if (isObject(expected)) {
    return (
      isObject(actual) &&
      Object.entries(expected).every(([name, value]) => holds(actual[name], value))
    );
  }
  return actual === expected;
}
