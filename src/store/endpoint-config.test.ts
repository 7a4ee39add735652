/** What a config means, and what becomes of it when another takes its place. */
import t from 'tap';
import { CORE_PROFILE } from '../scim/schema/core.ts';
import { BOUNDS as PROFILE_BOUNDS } from '../scim/schema/test/profiles.ts';
import {
  configChanges,
  parseEndpointConfig,
  replaceConfig,
  sameProfile,
} from './endpoint-config.ts';
import { allPresets } from './presets.ts';
import { parseSettings } from './settings.ts';

const BOUNDS = { ...PROFILE_BOUNDS, indexedAttributes: 3 };
const SCHEMA = { id: 'urn:example:schemas:Thing', attributes: [{ name: 'label' }] };
const TYPE = { name: 'Thing', endpoint: '/Things', schema: SCHEMA.id };

t.test('without anything it means the default preset', (t) => {
  t.strictSame(parseEndpointConfig({}), { settings: parseSettings({}), profile: CORE_PROFILE });
  t.strictSame(parseEndpointConfig({ preset: 'default' }), parseEndpointConfig({}));
  t.end();
});

t.test('settings win over the preset, wherever they stand', (t) => {
  const config = { unknownAttributes: 'keep', preset: 'rfc-strict' };
  const { settings } = parseEndpointConfig(config);
  t.match(settings, { unknownAttributes: 'keep', textBooleans: false });
  t.end();
});

t.test('each preset has settings that there are, and a profile that it shares', (t) => {
  for (const { name, profile } of allPresets()) {
    t.equal(parseEndpointConfig({ preset: name }).profile, profile, name);
  }
  t.end();
});

t.test('own schemas and types make a profile of their own', (t) => {
  const { profile } = parseEndpointConfig({ schemas: [SCHEMA], resourceTypes: [TYPE] });
  t.strictSame(
    profile.resourceTypes.map(({ name }) => name),
    ['Thing'],
  );
  const user = { name: 'User', endpoint: '/Users', schema: CORE_PROFILE.schemas[0]?.id };
  const group = { name: 'Group', endpoint: '/Groups', schema: CORE_PROFILE.schemas[1]?.id };
  const both = parseEndpointConfig({ preset: 'users-only', resourceTypes: [user, group] });
  t.equal(both.profile.resourceTypes.length, 2, 'schemas of the RFC can be named under any preset');
  t.end();
});

t.test('bounds are for what comes, not for what is stored', (t) => {
  const config = { schemas: [{ ...SCHEMA, attributes: [{ name: 'a' }, { name: 'b' }] }] };
  t.throws(() => parseEndpointConfig(config, { ...BOUNDS, profileAttributes: 1 }), {
    message: /^config\.schemas\[0\]\.attributes: takes at most 1/,
  });
  t.equal(parseEndpointConfig(config).profile.schemas.length, 4);
  t.end();
});

t.test('a type takes no path of the log or of tokens, unless it is stored with it', (t) => {
  for (const endpoint of ['/activity', 'logs', '/oauth']) {
    const config = { schemas: [SCHEMA], resourceTypes: [{ ...TYPE, endpoint }] };
    const refused = {
      message: /^config\.resourceTypes\[0\]\.endpoint: something else lives at \//,
    };
    t.throws(() => parseEndpointConfig(config, BOUNDS), refused);
    t.throws(() => configChanges({}, config, BOUNDS), refused);
    t.equal(parseEndpointConfig(config).profile.resourceTypes.length, 1, 'it loads');
    t.same(configChanges(config, { ...config, requireIfMatch: true }, BOUNDS), []);
  }
  const spelt = { schemas: [SCHEMA], resourceTypes: [{ ...TYPE, endpoint: '/Activity' }] };
  t.equal(parseEndpointConfig(spelt, BOUNDS).profile.resourceTypes.length, 1);
  t.end();
});

t.test('what is to be indexed is checked when it comes, against the schemas it comes with', (t) => {
  const own = { schemas: [SCHEMA], resourceTypes: [TYPE] };
  const parsed = parseEndpointConfig({ ...own, indexedAttributes: ['label'] }, BOUNDS);
  t.same(parsed.settings.indexedAttributes, ['label']);
  t.throws(() => parseEndpointConfig({ indexedAttributes: ['label'] }, BOUNDS), {
    status: 400,
    message: /"label" names no attribute of User, Group/,
  });
  t.doesNotThrow(() => parseEndpointConfig({ indexedAttributes: ['label'] }), 'stored');
  t.doesNotThrow(() => parseEndpointConfig(own, BOUNDS), 'the default asks nothing of a schema');
  const many = { indexedAttributes: ['title', 'nickName', 'active', 'locale'] };
  t.throws(() => parseEndpointConfig(many, BOUNDS), {
    status: 400,
    message: 'config.indexedAttributes has 4 paths; at most 3 are taken',
  });
  t.end();
});

t.test('a preset stays until another one is named; nothing else does', (t) => {
  const current = { preset: 'okta', requireIfMatch: true, schemas: [SCHEMA] };
  t.strictSame(replaceConfig(current, {}), { preset: 'okta' });
  t.strictSame(replaceConfig(current, { preset: 'default' }), { preset: 'default' });
  t.strictSame(replaceConfig({}, { requireIfMatch: true }), { requireIfMatch: true });
  t.end();
});

t.test('settings alone change no profile', (t) => {
  t.ok(sameProfile({ schemas: [SCHEMA] }, { schemas: [SCHEMA], requireIfMatch: true }));
  t.notOk(sameProfile({ schemas: [SCHEMA] }, { schemas: [] }));
  t.notOk(sameProfile({}, { preset: 'users-only' }));
  t.end();
});

t.test('only what stored resources could be at odds with is a change', (t) => {
  const types = (before: object, after: object): string[] =>
    configChanges({ ...before }, { ...after }, BOUNDS).map(({ type }) => type);
  t.strictSame(types({}, { preset: 'okta' }), []);
  t.strictSame(types({}, { preset: 'users-only' }), ['Group']);
  t.strictSame(types({ preset: 'users-only' }, {}), []);
  t.strictSame(types({}, { schemas: [SCHEMA], resourceTypes: [TYPE] }), ['User', 'Group']);
  const other = { ...SCHEMA, attributes: [{ name: 'label', type: 'integer' }] };
  const own = { schemas: [SCHEMA], resourceTypes: [TYPE] };
  t.strictSame(types(own, { ...own, schemas: [other] }), ['Thing']);
  t.strictSame(types(own, { ...own, requireIfMatch: true }), []);
  const more = { ...SCHEMA, attributes: [...SCHEMA.attributes, { name: 'size' }] };
  t.strictSame(types(own, { ...own, schemas: [more] }), []);
  const keeps = { ...own, schemas: [more], unknownAttributes: 'keep' };
  t.strictSame(types(own, keeps), ['Thing'], 'what was kept may be at odds with what is new');
  t.throws(() => types({}, { schemas: 7 }), { message: /^config\.schemas: takes an array/ });
  t.end();
});
