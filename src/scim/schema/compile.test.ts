/** What a compiled resource type knows, and which definitions are refused. */
import t from 'tap';
import type { AttributeDefinition } from './attribute.ts';
import { attribute, text } from './define.ts';
import { compileRegistry } from './registry.ts';
import { DEVICE, DEVICE_TYPE, deviceType, OWNER, typeNamed, userType } from './test/types.ts';

function compiled(attributes: readonly AttributeDefinition[]) {
  return typeNamed(
    compileRegistry({
      schemas: [{ id: DEVICE, name: 'Device', description: '', attributes }],
      resourceTypes: [{ ...DEVICE_TYPE, schemaExtensions: [] }],
    }),
    'Device',
  );
}

t.test('an attribute is found by its name in any case', async (t) => {
  const userName = userType.attributes.get('username');
  t.equal(userName?.name, 'userName');
  for (const name of ['userName', 'USERNAME', 'username', 'UserName']) {
    t.equal(userType.attributes.named(name), userName, name);
  }
  t.equal(userType.attributes.named('user'), undefined);
  t.equal(userType.attributes.named('__proto__'), undefined);
  t.equal(userType.attributes.named('constructor'), undefined);
});

t.test('a path names the attribute wherever it is', async (t) => {
  t.equal(userType.attributes.get('name')?.subs.get('givenname')?.path, 'name.givenName');
  const owner = deviceType.extensions.get(OWNER.toLowerCase());
  t.equal(owner?.urn, OWNER);
  t.equal(owner?.attributes.get('owner')?.path, `${OWNER}:owner`);
});

t.test('a type knows what requests would have to look for', async (t) => {
  t.equal(deviceType.endpoint, 'Devices');
  t.equal(deviceType.hasImmutable, true);
  t.equal(deviceType.hasReturnedRequest, true);
  t.same(
    deviceType.secrets.map(({ leaf }) => leaf.path),
    ['place.pin', `${OWNER}:token`],
  );
  t.same(deviceType.uniques, []);
  t.same(
    deviceType.requirements.map(({ path }) => path),
    ['place'],
  );
  t.equal(deviceType.nameAttribute, undefined);
  t.equal(userType.hasReturnedRequest, false);
  t.same(
    userType.secrets.map(({ key }) => key),
    ['password'],
  );
  t.same(userType.uniques, [], "userName has a key column, id is the server's");
  t.same([...userType.unstored].sort(), ['groups', 'id', 'meta', 'password', 'schemas']);
});

t.test('common characteristics take precedence where a schema repeats them', async (t) => {
  const type = compiled([text('ID', 'Mine.', { mutability: 'readWrite' }), text('label', '')]);
  t.equal(type.attributes.get('id')?.mutability, 'readOnly');
  t.equal(type.attributes.get('id')?.name, 'id');
  t.ok(type.attributes.has('label'));
});

t.test(
  'attributes called members or groups have no rows unless they are lists of ids',
  async (t) => {
    const type = compiled([text('members', ''), text('groups', '', { mutability: 'readOnly' })]);
    t.equal(type.membership, undefined);
    t.equal(type.groups, undefined);
    t.equal(type.attributes.get('groups')?.derived, false);
  },
);

t.test('an attribute twice is refused, also in other case', async (t) => {
  t.throws(() => compiled([text('label', ''), text('LABEL', '')]), /attribute LABEL twice/);
  const subAttributes = [text('a', ''), text('A', '')];
  t.throws(
    () => compiled([attribute('place', 'complex', '', { subAttributes })]),
    /place\.A twice/,
  );
});

t.test('a complex attribute within a complex one is refused (RFC 7643 §2.3.8)', async (t) => {
  const inner = attribute('inner', 'complex', '', { subAttributes: [text('a', '')] });
  const outer = attribute('outer', 'complex', '', { subAttributes: [inner] });
  t.throws(() => compiled([outer]), /outer\.inner is complex within/);
});

t.test('names that reach into a prototype are refused', async (t) => {
  for (const name of ['__proto__', 'constructor', 'Prototype']) {
    t.throws(() => compiled([text(name, '')]), /no attribute may be called/, name);
  }
});
