/**
 * Canonical forms of arbitrary bodies: reading one again changes nothing, and nothing but a 400 is
 * ever thrown. Bodies mix names of the schema with values that fit, nearly fit and do not.
 */
import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { deviceType, ENTERPRISE, groupType, OWNER, USER, userType } from '../schema/test/types.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { KEEP, REFUSE } from './test/reading.ts';
import { toStored } from './stored.ts';
import { anyOptions } from '../test/any-dialect.ts';
import { anyUser } from '../test/any-user.ts';

const NAMES = [
  ...[
    'userName',
    'USERNAME',
    'displayName',
    'name',
    'active',
    'emails',
    'members',
    'schemas',
    'id',
  ],
  ...[
    'manager',
    'value',
    'type',
    'primary',
    'givenName',
    'name.givenName',
    'place',
    'site',
    'keys',
  ],
  ...[`${USER}:title`, `${ENTERPRISE}:department`, '__proto__', 'constructor', 'owner', 'tags'],
  ...[ENTERPRISE, OWNER, 'password', 'meta', 'groups', 'externalId', '7'],
];

const { body } = fc.letrec<{ body: JsonObject; value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.string(), fc.constantFrom('True', 'false', ''), fc.boolean(), fc.integer()),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('body'),
  ),
  body: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), tie('value')), {
      maxLength: 6,
    })
    // Through JSON.parse, as bodies are: a literal would set a prototype by `__proto__`.
    .map((entries) => parse(`{${entries.map(textOf).join(',')}}`)),
}));

const type = fc.constantFrom(userType, groupType, deviceType);
const required = { userName: 'u', displayName: 'd', [OWNER]: { owner: 'o' } };

t.test('reading a canonical form again changes nothing', async (t) => {
  let read = 0;
  fc.assert(
    fc.property(type, body, anyOptions, (type, body, options) => {
      const canonical = tolerated(() =>
        canonicalizeResource(type, withRequired(type, body), options),
      );
      if (canonical === undefined) return;
      read += 1;
      const again = { schemas: [type.schema], ...canonical };
      t.strictSame(canonicalizeResource(type, again, options), canonical);
    }),
    { numRuns: 2000 },
  );
  t.ok(read > 200, `${read} bodies could be read`);
});

t.test('a stored form is JSON that begins with schemas and id', async (t) => {
  fc.assert(
    fc.property(type, body, fc.string({ minLength: 1 }), (type, body, id) => {
      const canonical = tolerated(() => canonicalizeResource(type, withRequired(type, body), KEEP));
      if (canonical === undefined) return;
      const { document } = toStored(type, id, canonical);
      const stored = parse(document);
      t.ok(document.startsWith(`{"schemas":["${type.schema}"`));
      t.equal(stored['id'], id);
      for (const name of type.unstored) {
        if (name !== 'id' && name !== 'schemas') t.notOk(Object.hasOwn(stored, name), name);
      }
    }),
    { numRuns: 1000 },
  );
});

t.test('what any settings accept means the same under the lenient ones', async (t) => {
  let read = 0;
  fc.assert(
    fc.property(anyUser, anyOptions, (body, options) => {
      // Where unknown attributes are dropped, flat keys that are not taken are too.
      const strict = { ...options, unknownAttributes: 'refuse' } as const;
      const canonical = tolerated(() => canonicalizeResource(userType, body, strict));
      if (canonical === undefined) return;
      read += 1;
      t.strictSame(canonicalizeResource(userType, body, REFUSE), canonical);
    }),
    { numRuns: 2000 },
  );
  t.ok(read > 200, `${read} bodies were accepted`);
});

function withRequired(type: ResourceType, body: JsonObject): JsonObject {
  const head = JSON.stringify({ schemas: [type.schema], ...required }).slice(1, -1);
  const rest = JSON.stringify(body).slice(1, -1);
  return parse(rest === '' ? `{${head}}` : `{${head},${rest}}`);
}

function tolerated(read: () => JsonObject): JsonObject | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) return undefined;
    throw error;
  }
}

function textOf([key, value]: [string, JsonValue]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

function parse(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}
