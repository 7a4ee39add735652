/** No secret leaves the main thread in an operation, whichever way the client wrote it. */
import t from 'tap';
import { LENIENT } from '../dialect.ts';
import type { JsonValue } from '../json.ts';
import { attribute, text } from '../schema/define.ts';
import { compileRegistry } from '../schema/registry.ts';
import {
  DEVICE,
  DEVICE_TYPE,
  deviceType,
  ENTERPRISE,
  OWNER,
  typeNamed,
  userType,
} from '../schema/test/types.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { parsePatch } from './parse.ts';
import { hashOperations, type SafeOperations } from './secrets.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const SECRET = 'hunter2';

/** What was hashed, in order. */
let hashed: string[] = [];
function hash(clear: string): Promise<string> {
  hashed.push(clear);
  return Promise.resolve(`#${clear.length}#`);
}

function safe(
  type: ResourceType,
  ...operations: JsonValue[]
): SafeOperations | Promise<SafeOperations> {
  hashed = [];
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const limits = { maxLength: 1000, maxDepth: 8, maxNodes: 50, maxOperations: 100 };
  const body = { schemas, Operations: operations };
  return hashOperations(type, parsePatch(body, type, limits, PATCH), hash);
}

const PATCH = {
  ...LENIENT,
  patchReplaceCreatesValuePathTarget: true,
  allowRemoveAllMembers: true,
  unknownAttributes: 'drop',
} as const;

/** `credential.value` is secret: a bare text means it. */
const CREDENTIAL = typeNamed(
  compileRegistry({
    schemas: [
      {
        id: DEVICE,
        name: 'Device',
        description: '',
        attributes: [
          attribute('credential', 'complex', '', {
            subAttributes: [text('value', '', { returned: 'never' }), text('kind', '')],
          }),
        ],
      },
    ],
    resourceTypes: [{ ...DEVICE_TYPE, schemaExtensions: [] }],
  }),
  'Device',
);

t.test('a secret is found in every form that an operation has', async (t) => {
  const forms: readonly [ResourceType, JsonValue][] = [
    [userType, { op: 'add', path: 'password', value: SECRET }],
    [userType, { op: 'Replace', path: 'PASSWORD', value: SECRET }],
    [userType, { op: 'replace', path: `${USER}:password`, value: SECRET }],
    [userType, { op: 'replace', value: { password: SECRET, title: 't' } }],
    [userType, { op: 'replace', value: { Password: SECRET } }],
    [userType, { op: 'add', value: { [`${USER}:password`]: SECRET } }],
    [userType, { op: 'add', value: { [USER]: { password: SECRET } } }],
    [deviceType, { op: 'add', path: 'place.pin', value: SECRET }],
    [deviceType, { op: 'add', path: 'place', value: { site: 's', PIN: SECRET } }],
    [deviceType, { op: 'add', value: { place: { site: 's', pin: SECRET } } }],
    [deviceType, { op: 'add', value: { 'place.pin': SECRET } }],
    [deviceType, { op: 'add', path: `${OWNER}:token`, value: SECRET }],
    [deviceType, { op: 'add', path: OWNER, value: { token: SECRET } }],
    [deviceType, { op: 'add', value: { [OWNER]: { TOKEN: SECRET } } }],
    [deviceType, { op: 'add', value: { [`${OWNER}:token`]: SECRET } }],
    [CREDENTIAL, { op: 'add', path: 'credential', value: SECRET }],
    [CREDENTIAL, { op: 'add', path: 'credential.value', value: SECRET }],
    [CREDENTIAL, { op: 'add', value: { credential: { value: SECRET, kind: 'k' } } }],
  ];
  for (const [type, operation] of forms) {
    const { operations, needsSecrets } = await safe(type, operation);
    const shown = JSON.stringify(operations);
    t.notMatch(shown, SECRET, shown);
    t.match(shown, '#7#', shown);
    t.same([hashed, needsSecrets], [[SECRET], true]);
  }
});

t.test('the same secret twice in one value, in two spellings, is hashed both times', async (t) => {
  // The parser refuses such a value; that no secret leaves must not depend on it.
  const path = { text: 'place', attribute: 'place' };
  const value = { site: 's', pin: SECRET, PIN: `${SECRET}!` };
  const { operations } = await hashOperations(deviceType, [{ op: 'add', path, value }], hash);
  t.notMatch(JSON.stringify(operations), SECRET);
});

t.test('however often a request sets a secret, only the last is hashed', async (t) => {
  const set = (value: string) => ({ op: 'replace', path: 'password', value });
  const { operations } = await safe(userType, set('one'), set('two'), set('three'));
  t.same(hashed, ['three']);
  t.equal(operations.length, 3);
  t.same(
    operations.map(({ value }) => value),
    ['superseded', 'superseded', '#5#'],
  );
});

t.test('removing one needs what is stored, and no hash', async (t) => {
  for (const operation of [
    { op: 'remove', path: 'password' },
    { op: 'replace', path: 'password', value: null },
    { op: 'replace', path: 'password', value: '' },
    { op: 'replace', value: { password: null } },
  ]) {
    const result = safe(userType, operation);
    t.notOk(result instanceof Promise);
    t.same([(await result).needsSecrets, hashed], [true, []]);
  }
  for (const path of ['place', `${OWNER}:token`]) {
    t.equal((await safe(deviceType, { op: 'remove', path })).needsSecrets, true, path);
  }
});

t.test('operations on anything else pass at once, as they are', async (t) => {
  for (const operation of [
    { op: 'replace', path: 'title', value: 'password' },
    { op: 'replace', value: { title: 't', name: { givenName: 'g' } } },
    { op: 'remove', path: 'title' },
    { op: 'remove', path: ENTERPRISE },
    { op: 'replace', path: 'nobody.knows', value: 'x' },
  ]) {
    const result = safe(userType, operation);
    t.notOk(result instanceof Promise);
    t.same([(await result).needsSecrets, hashed], [false, []]);
  }
});

t.test('a type with a required secret is always judged with it', async (t) => {
  const attributes = [text('label', ''), text('pin', '', { returned: 'never', required: true })];
  const schemas = [{ id: DEVICE, name: 'Device', description: '', attributes }];
  const resourceTypes = [{ ...DEVICE_TYPE, schemaExtensions: [] }];
  const type = typeNamed(compileRegistry({ schemas, resourceTypes }), 'Device');
  const { needsSecrets } = await safe(type, { op: 'replace', path: 'label', value: 'x' });
  t.equal(needsSecrets, true);
});
