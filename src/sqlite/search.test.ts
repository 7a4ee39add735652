import t, { type Test } from 'tap';
import { search } from './search.ts';
import type { SearchBounds } from './search/run.ts';
import { ask, type Asked, START, WIDE } from './test/asks.ts';
import { TestDatabase } from './test/database.ts';

const INLINE: SearchBounds = { ...WIDE, scan: false, offsetMax: 5, linksMax: 2 };

type Find = (asked?: Asked, bounds?: SearchBounds) => ReturnType<typeof search>;

t.test('what an index answers is answered without a scan; the rest is not', (t) => {
  const data = new TestDatabase(t);
  for (const id of ['a', 'b', 'c']) data.user(id, { externalId: 'e', title: id });
  data.group('g', [1]);
  const find = finding(t, data);
  const inline = (asked: Asked) => find(asked, INLINE)?.totalResults;
  const [ascending, descending] = [false, true].map((descending) => (by: string) => ({
    sort: { by, descending },
  }));
  t.equal(inline({}), 3);
  t.equal(inline({ types: ['User', 'Group'] }), 4);
  t.equal(inline({ place: START, count: 2 }), 3);
  t.equal(inline({ filter: 'userName eq "A"' }), 1);
  t.equal(inline({ filter: 'externalId eq "e" and title eq "b"' }), 1);
  t.equal(inline({ types: ['Group'], filter: 'id eq "g" and members eq "a"' }), 1);
  t.equal(inline({ filter: 'title eq "b"' }), undefined);
  t.equal(inline({ filter: 'userName eq "a" and groups.value eq "g"' }), 1, 'few links');
  t.equal(inline({ filter: 'groups.value eq "g"' }), 1);
  t.equal(inline({ filter: 'userName sw "B"' }), 1);
  t.equal(inline({ filter: 'userName eq "a" or id eq "c"' }), 2);
  t.equal(inline({ filter: 'meta.lastModified gt "2001-01-01T00:00:00Z"' }), 3);
  for (const sorting of [ascending, descending]) {
    for (const by of [
      'id',
      'ID',
      'userName',
      'urn:ietf:params:scim:schemas:core:2.0:User:username',
    ]) {
      t.equal(inline({ ...sorting?.(by) }), 3, by);
      t.equal(inline({ ...sorting?.(by), place: START }), 3, by);
    }
    t.equal(inline({ ...sorting?.('title') }), undefined);
    t.equal(inline({ ...sorting?.('title'), filter: 'externalId eq "e"' }), 3, 'few to sort');
    t.equal(inline({ ...sorting?.('title'), count: 0 }), 3, 'nothing to sort');
    t.equal(inline({ ...sorting?.('id'), types: ['User', 'Group'] }), undefined, 'two orders');
  }
  t.end();
});

t.test('each bound of the inline search hands over, and the scan answers', (t) => {
  const data = new TestDatabase(t);
  for (let n = 0; n < 12; n++) data.user(`u${n + 10}`, { externalId: 'e' });
  data.group('g', [1, 2, 3]);
  const find = finding(t, data);
  const both = (asked: Asked) => {
    t.equal(find(asked, INLINE), undefined);
    return find(asked);
  };
  t.equal(both({ startIndex: 7 })?.resources[0]?.id, 'u16', 'offset');
  const byName = { sort: { by: 'userName', descending: true } };
  t.equal(both({ ...byName, startIndex: 7 })?.resources[0]?.id, 'u15', 'offset by name');
  t.equal(both({ filter: 'externalId eq "e"' })?.totalResults, 12, 'rows of a probe');
  t.match(both({ types: ['Group'], links: true })?.resources[0]?.links, /u12/, 'links');
  t.end();
});

t.test('a page whose links are too many is no answer, also of a scan', (t) => {
  const data = new TestDatabase(t);
  const users = Array.from({ length: 6 }, (_, n) => data.user(`u${n}`));
  data.group('g', users);
  data.group('h', users);
  const find = finding(t, data);
  const groups = { types: ['Group'], links: true };
  t.equal(find(groups), undefined);
  t.equal(find({ types: ['User', 'Group'], links: true }), undefined);
  t.equal(find({ ...groups, count: 1 })?.totalResults, 2);
  for (const looksAtMembers of [
    { filter: 'members.display eq "u1"' },
    { sort: { by: 'members.display', descending: false } },
  ]) {
    t.throws(
      () => find({ types: ['Group'], ...looksAtMembers }, { ...WIDE, linksMax: 5 }),
      { name: 'ScimError', status: 400, scimType: 'tooMany' },
      'too many members to look at',
    );
  }
  t.end();
});

t.test('a scan asks before each slice whether to go on, and ends its snapshot', (t) => {
  const data = new TestDatabase(t);
  for (let n = 0; n < 7; n++) data.user(`u${n}`);
  const find = finding(t, data);
  for (const scan of [
    { filter: 'userName co "u"' },
    { sort: { by: 'title', descending: false } },
  ]) {
    let asked = 0;
    const counted = () => void (asked += 1);
    t.equal(find(scan, { ...WIDE, keepGoing: counted })?.totalResults, 7);
    t.equal(asked, 3, 'slices of 3, 3 and 1');
    const stopped = () => {
      asked -= 1;
      if (asked === 1) throw new Error('stopped');
    };
    t.throws(() => find(scan, { ...WIDE, keepGoing: stopped }), /stopped/);
    t.equal(find(scan)?.totalResults, 7);
  }
  t.end();
});

t.test('a walk by cursor reads no further than its page', (t) => {
  const data = new TestDatabase(t);
  for (let n = 0; n < 30; n++) data.user(`u${n + 10}`, { title: n % 2 === 0 ? 'even' : 'odd' });
  const find = finding(t, data);
  let slices = 0;
  const bounds = { ...WIDE, keepGoing: () => void (slices += 1) };
  const page = find({ filter: 'title eq "even"', place: START, count: 2 }, bounds);
  t.strictSame(
    page?.resources.map(({ id }) => id),
    ['u10', 'u12'],
  );
  t.equal(slices, 2, 'three matches lie in two slices of three');
  t.equal(page?.totalResults, undefined, 'and nobody knows how many there are');
  const next = find({ filter: 'title eq "even"', place: page?.next ?? START, count: 2 }, bounds);
  t.strictSame(
    next?.resources.map(({ id }) => id),
    ['u14', 'u16'],
  );
  t.equal(slices, 4);
  const all = find({ filter: 'title eq "even"', place: START, count: 0 });
  t.match(all, { totalResults: 15, resources: [], next: undefined, previous: undefined });
  t.end();
});

t.test('a sorted list is paged by index only so far', (t) => {
  const data = new TestDatabase(t);
  for (let n = 0; n < 9; n++) data.user(`u${n}`, { title: String(n) });
  const find = finding(t, data);
  const bounds = { ...WIDE, sortedRowsMax: 5 };
  const sort = { by: 'title', descending: false };
  t.equal(find({ sort, startIndex: 4, count: 2 }, bounds)?.resources[1]?.id, 'u4');
  t.throws(() => find({ sort, startIndex: 5, count: 2 }, bounds), {
    name: 'ScimError',
    scimType: 'tooMany',
    message: /cursor/,
  });
  const few = find({ sort, filter: 'title eq "3"', startIndex: 99, count: 2 }, bounds);
  t.match(few, { totalResults: 1, resources: [] }, 'few results are never too many');
  t.end();
});

t.test('a type the endpoint does not serve is not found', (t) => {
  const find = finding(t, new TestDatabase(t));
  t.throws(() => find({ types: ['Device'] }), { name: 'ScimError', status: 404 });
  t.end();
});

t.test('a startIndex below 1 means 1', (t) => {
  const data = new TestDatabase(t);
  data.user('a');
  const find = finding(t, data);
  const sort = { by: 'title', descending: false };
  for (const asked of [{}, { filter: 'userName pr' }, { sort }]) {
    t.equal(find({ ...asked, startIndex: -5 })?.resources[0]?.id, 'a');
  }
  t.end();
});

t.test('a filter sees the resource as it is shown: meta and references with the base', (t) => {
  const data = new TestDatabase(t);
  const user = data.user('u', { title: 'x' });
  data.group('g', [user]);
  const find = finding(t, data);
  const total = (type: string, filter: string) =>
    find({ types: [type], base: 'https://h/scim', filter })?.totalResults;
  t.equal(total('User', 'meta.location eq "https://h/scim/Users/u"'), 1);
  t.equal(total('Group', 'members.$ref eq "https://h/scim/Users/u"'), 1);
  t.equal(total('User', 'meta.version eq "W/\\"1\\""'), 1);
  t.equal(total('User', 'meta.created eq "2023-11-14T22:13:20.001Z"'), 1);
  t.end();
});

function finding(t: Test, data: TestDatabase): Find {
  const reader = data.reader(t);
  return (asked, bounds = WIDE) => search(reader, data.registry, ask(asked), bounds);
}
