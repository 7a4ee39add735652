/** Responses put together from stored text, without parsing. */
import t from 'tap';
import { entityTag, linksText, metaText, resourceLocation, resourceText } from './rendered.ts';

const BASE = 'https://scim.example/scim/v2';
const META = { created: 0, lastModified: 1_700_000_000_123, version: 42 };

t.test('meta holds type, times, location and version', async (t) => {
  const location = resourceLocation(BASE, 'Users', 'u-1');
  t.equal(location, `${BASE}/Users/u-1`);
  t.same(JSON.parse(metaText('User', META, location)), {
    resourceType: 'User',
    created: '1970-01-01T00:00:00.000Z',
    lastModified: '2023-11-14T22:13:20.123Z',
    location,
    version: entityTag(42),
  });
  t.equal(entityTag(42), 'W/"42"');
});

t.test('a location with odd characters stays JSON', async (t) => {
  const location = 'https://host"\\å€😀/Users/1';
  t.match(JSON.parse(metaText('User', META, location)), { location });
});

t.test('a resource is its document, then links, then meta', async (t) => {
  const document = '{"schemas":["urn:x"],"id":"g"}';
  t.equal(
    resourceText(document, '{"version":1}', 'members', '[{"value":"u"}]'),
    '{"schemas":["urn:x"],"id":"g","members":[{"value":"u"}],"meta":{"version":1}}',
  );
});

t.test('links that are empty or were not read are left out', async (t) => {
  const plain = '{"id":"g","meta":{}}';
  t.equal(resourceText('{"id":"g"}', '{}', 'members', '[]'), plain);
  t.equal(resourceText('{"id":"g"}', '{}', 'members', undefined), plain);
  t.equal(resourceText('{"id":"g"}', '{}'), plain);
});

t.test('a link shows its resource', async (t) => {
  const links = [
    { value: 'u', type: 'User', display: 'å€😀 "B"\n', endpoint: 'Users' },
    { value: 'g', type: 'Group', display: 'G', endpoint: 'Groups' },
  ];
  t.same(JSON.parse(linksText(links, BASE)), [
    { value: 'u', $ref: `${BASE}/Users/u`, display: 'å€😀 "B"\n', type: 'User' },
    { value: 'g', $ref: `${BASE}/Groups/g`, display: 'G', type: 'Group' },
  ]);
});

t.test('a kept member that names no resource shows its value alone', async (t) => {
  const links = [{ value: 'a"b', type: '', display: '', endpoint: '' }];
  t.same(JSON.parse(linksText(links, BASE)), [{ value: 'a"b' }]);
});

t.test('no links are an empty array', async (t) => {
  t.equal(linksText([], BASE), '[]');
});
