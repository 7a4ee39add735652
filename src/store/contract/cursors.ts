/** Walks by cursor (RFC 9865): from page to page and back, while resources come and go. */
import type { Test } from 'tap';
import type { Place } from '../../scim/messages/cursor.ts';
import type { NewTenant } from './subject.ts';
import type { FoundPage, SearchOptions, Tenant } from './tenant.ts';

const START: Place = { backwards: false, position: undefined };

/** Queries that engines may answer in different ways; each of them finds all users. */
const QUERIES: Readonly<Record<string, readonly [string | undefined, SearchOptions]>> = {
  list: [undefined, {}],
  'list by name': [undefined, { sort: { by: 'userName', descending: false } }],
  'list by name, downwards': [undefined, { sort: { by: 'userName', descending: true } }],
  'list by id, downwards': [undefined, { sort: { by: 'id', descending: true } }],
  'list by title': [undefined, { sort: { by: 'title', descending: false } }],
  'filter by index': ['externalId eq "e"', {}],
  'filter by index, sorted': ['externalId eq "e"', { sort: { by: 'title', descending: true } }],
  'filter by scan': ['userName pr', {}],
  'filter by scan, sorted': ['userName pr', { sort: { by: 'title', descending: true } }],
};

export async function cursors(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('a walk has the order of the list, and leads back', async (t) => {
    const tenant = await newTenant();
    await create(tenant, 7);
    for (const [name, [filter, options]] of Object.entries(QUERIES)) {
      const all = (await tenant.search('User', filter, options)).ids;
      t.equal(all.length, 7, name);
      const first = await page(tenant, name, START, 3);
      t.strictSame(first.ids, all.slice(0, 3), name);
      t.equal(first.previous, undefined, 'the first page has none before it');
      const second = await page(tenant, name, first.next, 3);
      t.strictSame(second.ids, all.slice(3, 6), name);
      const third = await page(tenant, name, second.next, 3);
      t.strictSame(third.ids, all.slice(6), name);
      t.equal(third.next, undefined, 'the last page has none behind it');
      const back = await page(tenant, name, third.previous, 2);
      t.strictSame(back.ids, all.slice(4, 6), `${name}, back`);
      const further = await page(tenant, name, back.previous, 9);
      t.strictSame(further.ids, all.slice(0, 4), `${name}, to the beginning`);
      t.equal(further.previous, undefined);
      t.strictSame((await page(tenant, name, further.next, 9)).ids, all.slice(4), name);
      const whole = await page(tenant, name, START, 7);
      t.strictSame([whole.ids, whole.next], [all, undefined], 'a full page may be the last');
      for (const { total } of [first, second, back]) {
        t.ok(total === undefined || total === 7, `${name}: a total is right or left out`);
      }
    }
  });

  await t.test('resources that come and go spoil no walk', async (t) => {
    for (const name of Object.keys(QUERIES)) {
      const tenant = await newTenant();
      const ids = await create(tenant, 12);
      const first = await page(tenant, name, START, 4);
      const [, second = '', third = '', fourth = ''] = first.ids;
      const others = ids.filter((id) => !first.ids.includes(id));
      const [gone = ''] = others;
      for (const id of [second, third, fourth, gone]) await tenant.delete('User', id);
      await create(tenant, 3, 'new');
      const seen: string[] = [];
      for (let place = first.next; place !== undefined;) {
        const found = await page(tenant, name, place, 3);
        seen.push(...found.ids);
        place = found.next;
      }
      t.equal(
        new Set([...first.ids, ...seen]).size,
        first.ids.length + seen.length,
        `${name}: twice`,
      );
      const missed = others.filter((id) => id !== gone && !seen.includes(id));
      t.strictSame(missed, [], `${name}: missed`);
      t.notOk(seen.includes(gone), name);
    }
  });

  await t.test('where everything behind or before has gone, the walk ends', async (t) => {
    for (const name of Object.keys(QUERIES)) {
      const tenant = await newTenant();
      await create(tenant, 6);
      const first = await page(tenant, name, START, 2);
      const second = await page(tenant, name, first.next, 2);
      const third = await page(tenant, name, second.next, 2);
      for (const id of [...first.ids, ...third.ids]) await tenant.delete('User', id);
      const behind = await page(tenant, name, second.next, 2);
      t.strictSame([behind.ids, behind.next, behind.previous], [[], undefined, undefined], name);
      const before = await page(tenant, name, second.previous, 2);
      t.strictSame([before.ids, before.previous], [[], undefined], name);
      t.strictSame((await page(tenant, name, before.next, 2)).ids, second.ids, 'forwards again');
    }
  });

  await t.test('a count of 0 tells how many there are, and leads nowhere', async (t) => {
    const tenant = await newTenant();
    await create(tenant, 3);
    for (const name of Object.keys(QUERIES)) {
      const none = await page(tenant, name, START, 0);
      t.match(none, { total: 3, ids: [], next: undefined, previous: undefined }, name);
    }
  });

  await t.test('a walk goes on from type to type', async (t) => {
    const tenant = await newTenant();
    const users = await create(tenant, 3);
    const groups = [await tenant.createGroup('g1'), await tenant.createGroup('user1x')];
    for (const [options, expected] of [
      [{}, [...users, ...groups]],
      [
        { sort: { by: 'displayName', descending: false } },
        [users[0], users[1], groups[0], users[2], groups[1]],
      ],
    ] as const) {
      const seen: string[] = [];
      let place: Place | undefined = START;
      let last: FoundPage | undefined;
      while (place !== undefined) {
        const query: SearchOptions = { ...options, place, count: 2 };
        last = await tenant.searchTypes(['User', 'Group'], undefined, query);
        seen.push(...last.ids);
        place = last.next;
      }
      t.strictSame(seen, expected);
      const back = { ...options, place: last?.previous ?? START, count: 3 };
      const before = await tenant.searchTypes(['User', 'Group'], undefined, back);
      t.strictSame(before.ids, expected.slice(1, 4));
    }
  });
}

/** Users whose titles repeat, and are missing now and then. */
async function create(tenant: Tenant, count: number, prefix = 'user'): Promise<string[]> {
  const titles = ['b', undefined, 'A', 'a', 'c'];
  const names = ['d', 'f', 'h', 'e', 'g'];
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const title = titles[n % titles.length];
    const displayName = names[n % names.length] ?? '';
    const rest = { externalId: 'e', displayName, ...(title === undefined ? {} : { title }) };
    ids.push(await tenant.createUser(`${names[(n * 3) % 5] ?? ''}-${prefix}-${n}`, rest));
  }
  return ids;
}

function page(
  tenant: Tenant,
  name: string,
  place: Place | undefined,
  count: number,
): Promise<FoundPage> {
  const [filter, options] = QUERIES[name] ?? [undefined, {}];
  if (place === undefined) throw new Error(`${name}: there is no such page`);
  return tenant.search('User', filter, { ...options, place, count });
}
