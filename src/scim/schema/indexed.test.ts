/** Which attributes can have an index, and what an administrator hears of the others. */
import t from 'tap';
import { checkIndexedPaths } from './indexed.ts';
import { CORE_PROFILE } from './core.ts';
import { compileRegistry, type Profile } from './registry.ts';
import {
  coreRegistry,
  DEVICE_SCHEMA,
  DEVICE_TYPE,
  ENTERPRISE,
  OWNER_SCHEMA,
  USER,
} from './test/types.ts';

const DEVICES: Profile = {
  schemas: [DEVICE_SCHEMA, OWNER_SCHEMA],
  resourceTypes: [DEVICE_TYPE],
};

function indexedOf(paths: readonly string[], type = 'User', profile: Profile = CORE_PROFILE) {
  const compiled = compileRegistry(profile, paths).typesByName.get(type);
  return compiled?.indexed.map(({ leaf }) => leaf.path);
}

t.test('paths mean what they mean in filters, each place once', async (t) => {
  const paths = ['EMAILS.value', 'emails', 'title', `${USER}:name.familyName`, 'active'];
  t.same(indexedOf(paths), ['emails.value', 'title', 'name.familyName', 'active']);
  const ofExtension = [`${ENTERPRISE}:department`, `${ENTERPRISE}:manager`];
  t.same(indexedOf(ofExtension), [`${ENTERPRISE}:department`, `${ENTERPRISE}:manager.value`]);
  t.same(indexedOf(['tags', 'weight', 'boughtAt'], 'Device', DEVICES), [
    'tags',
    'weight',
    'boughtAt',
  ]);
});

t.test('without the setting nothing is indexed', async (t) => {
  t.same(coreRegistry.typesByName.get('User')?.indexed, []);
});

t.test('a path counts for the types that have use for it', async (t) => {
  t.same(indexedOf(['displayName', 'title']), ['displayName', 'title']);
  t.same(indexedOf(['displayName', 'title'], 'Group'), [], 'a name has an index, a group no title');
  t.doesNotThrow(() => checkIndexedPaths(coreRegistry, ['displayName', 'title']));
});

t.test('what is stored and means nothing any more is passed over', async (t) => {
  t.same(indexedOf(['nothing', 'userName', 'meta', '', 'title']), ['title']);
});

t.test('a path of no use is refused, with the reason', async (t) => {
  for (const [path, reason] of [
    ['nickname.x', /^config\.indexedAttributes: "nickname\.x" names no attribute of User, Group/],
    ['', /names no attribute/],
    ['emails[type eq "work"].value', /names no attribute/],
    ['name', /is complex; name one of its sub-attributes \(formatted, familyName/],
    [ENTERPRISE, /names a whole schema/],
    ['userName', /has an index anyway/],
    ['id', /has an index anyway/],
    ['externalId', /has an index anyway/],
    ['members', /has an index anyway/],
    ['members.value', /has an index anyway/],
    ['groups.value', /has an index anyway/],
    ['members.display', /is written by the server/],
    ['meta.created', /is written by the server/],
    ['schemas', /is written by the server/],
    [`${ENTERPRISE}:manager.displayName`, /is written by the server/],
    ['password', /is never returned/],
    ['emails.primary', /is false wherever it is absent/],
    ['x'.repeat(1000), /^.{1,300}$/],
  ] as const) {
    t.throws(
      () => checkIndexedPaths(coreRegistry, ['title', path]),
      { status: 400, scimType: 'invalidValue', message: reason },
      path,
    );
  }
});
