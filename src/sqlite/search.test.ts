import t from 'tap';
import type { JsonObject } from '../scim/json.ts';
import { parseFilter } from '../scim/filter/parse.ts';
import { search, type ResourceSearch, type SearchBounds } from './search.ts';
import { TestDatabase } from './test/database.ts';

const BOUNDS: SearchBounds = {
  scan: true,
  offsetMax: Infinity,
  probeRowsMax: 10,
  sliceRows: 3,
  linksMax: 10,
  keepGoing: () => undefined,
};
const INLINE: SearchBounds = { ...BOUNDS, scan: false, offsetMax: 5, linksMax: 2 };

const ALL: ResourceSearch = {
  endpoint: 1,
  type: 'User',
  filter: undefined,
  startIndex: 1,
  count: 100,
  links: undefined,
};

t.test('what an index answers is answered without a scan; the rest is not', (t) => {
  const data = new TestDatabase(t);
  for (const id of ['a', 'b', 'c']) data.user(id, { externalId: 'e', title: id });
  data.group('g', [1]);
  const reader = data.reader(t);
  const inline = (query: Partial<ResourceSearch>) =>
    search(reader, data.registry, { ...ALL, ...query }, INLINE)?.totalResults;
  t.equal(inline({}), 3);
  t.equal(inline(byFilter('userName eq "A"')), 1);
  t.equal(inline(byFilter('externalId eq "e" and title eq "b"')), 1);
  t.equal(inline({ type: 'Group', ...byFilter('id eq "g" and members eq "a"') }), 1);
  t.equal(inline(byFilter('title eq "b"')), undefined);
  t.equal(inline(byFilter('userName eq "a" and groups.value eq "g"')), undefined, 'needs links');
  t.end();
});

t.test('each bound of the inline search hands over, and the scan answers', (t) => {
  const data = new TestDatabase(t);
  for (let n = 0; n < 12; n++) data.user(`u${n + 10}`, { externalId: 'e' });
  data.group('g', [1, 2, 3]);
  const reader = data.reader(t);
  const both = (query: Partial<ResourceSearch>) => {
    const ask = { ...ALL, ...query };
    t.equal(search(reader, data.registry, ask, INLINE), undefined);
    return search(reader, data.registry, ask, BOUNDS);
  };
  t.equal(both({ startIndex: 7 })?.resources[0]?.id, 'u16', 'offset');
  t.equal(both(byFilter('externalId eq "e"'))?.totalResults, 12, 'rows of a probe');
  t.match(both({ type: 'Group', links: { base: '' } })?.resources[0]?.links, /u12/, 'links');
  t.end();
});

t.test('a page whose links are too many is no answer, also of a scan', (t) => {
  const data = new TestDatabase(t);
  const users = Array.from({ length: 6 }, (_, n) => data.user(`u${n}`));
  data.group('g', users);
  data.group('h', users);
  const reader = data.reader(t);
  const groups = { ...ALL, type: 'Group', links: { base: '' } };
  t.equal(search(reader, data.registry, groups, BOUNDS), undefined);
  t.equal(search(reader, data.registry, { ...groups, count: 1 }, BOUNDS)?.totalResults, 2);
  t.throws(
    () =>
      search(
        reader,
        data.registry,
        { ...ALL, type: 'Group', ...byFilter('members.display eq "u1"') },
        { ...BOUNDS, linksMax: 5 },
      ),
    { name: 'ScimError', status: 400, scimType: 'tooMany' },
    'a filter over too many members',
  );
  t.end();
});

t.test('a scan asks before each slice whether to go on, and ends its snapshot', (t) => {
  const data = new TestDatabase(t);
  for (let n = 0; n < 7; n++) data.user(`u${n}`);
  const reader = data.reader(t);
  const ask = { ...ALL, ...byFilter('userName sw "u"') };
  let asked = 0;
  const counted = () => void (asked += 1);
  t.equal(search(reader, data.registry, ask, { ...BOUNDS, keepGoing: counted })?.totalResults, 7);
  t.equal(asked, 3, 'slices of 3, 3 and 1');
  const stopped = () => {
    asked -= 1;
    if (asked === 1) throw new Error('stopped');
  };
  t.throws(() => search(reader, data.registry, ask, { ...BOUNDS, keepGoing: stopped }), /stopped/);
  t.equal(search(reader, data.registry, ask, BOUNDS)?.totalResults, 7);
  t.end();
});

t.test('a type the endpoint does not serve is not found', (t) => {
  const data = new TestDatabase(t);
  t.throws(() => search(data.reader(t), data.registry, { ...ALL, type: 'Device' }, BOUNDS), {
    name: 'ScimError',
    status: 404,
  });
  t.end();
});

t.test('a startIndex below 1 means 1', (t) => {
  const data = new TestDatabase(t);
  data.user('a');
  const reader = data.reader(t);
  for (const filter of [{}, byFilter('userName pr')]) {
    const ask = { ...ALL, ...filter, startIndex: -5 };
    t.equal(search(reader, data.registry, ask, BOUNDS)?.resources[0]?.id, 'a');
  }
  t.end();
});

t.test('a filter sees the resource as it is shown: meta and references with the base', (t) => {
  const data = new TestDatabase(t);
  const user = data.user('u', { title: 'x' } satisfies JsonObject);
  data.group('g', [user]);
  const reader = data.reader(t);
  const links = { base: 'https://h/scim' };
  const total = (type: string, filter: string) =>
    search(reader, data.registry, { ...ALL, type, links, ...byFilter(filter) }, BOUNDS)
      ?.totalResults;
  t.equal(total('User', 'meta.location eq "https://h/scim/Users/u"'), 1);
  t.equal(total('Group', 'members.$ref eq "https://h/scim/Users/u"'), 1);
  t.equal(total('User', 'meta.version eq "W/\\"1\\""'), 1);
  t.equal(total('User', 'meta.created eq "2023-11-14T22:13:20.001Z"'), 1);
  t.end();
});

function byFilter(text: string): Pick<ResourceSearch, 'filter'> {
  return { filter: parseFilter(text, { maxLength: 200, maxDepth: 5, maxNodes: 10 }) };
}
