/** Sorted searches (RFC 7644 §3.4.2.3): one order, whichever way an engine makes it. */
import type { Test } from 'tap';
import type { JsonObject } from '../../scim/json.ts';
import type { NewTenant } from './subject.ts';
import { set, type Tenant, unset } from './tenant.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export async function sorting(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test(
    'by any attribute, ascending and descending, missing values last and first',
    async (t) => {
      const tenant = await newTenant();
      const ids = await populate(tenant);
      const cases: readonly (readonly [string, string])[] = [
        ['userName', 'ann bob Cid dee'],
        ['USERNAME', 'ann bob Cid dee'],
        ['urn:ietf:params:scim:schemas:core:2.0:User:userName', 'ann bob Cid dee'],
        ['id', 'dee bob Cid ann'],
        ['meta.created', 'dee bob Cid ann'],
        ['externalId', 'bob dee ann Cid'],
        ['title', 'Cid bob dee ann'],
        ['active', 'dee ann bob Cid'],
        ['name.familyName', 'dee ann bob Cid'],
        ['emails', 'bob Cid dee ann'],
        ['emails.value', 'bob Cid dee ann'],
        ['emails.type', 'bob Cid dee ann'],
        [`${ENTERPRISE}:employeeNumber`, 'Cid dee bob ann'],
        [`${ENTERPRISE}:manager`, 'ann dee bob Cid'],
        ['groups.display', 'bob dee Cid ann'],
        ['meta.location', 'dee bob Cid ann'],
        ['displayName', 'dee bob Cid ann'],
      ];
      for (const [by, order] of cases) {
        const expected = order.split(' ').map((name) => ids[name]);
        const ascending = await tenant.search('User', undefined, {
          sort: { by, descending: false },
        });
        t.strictSame(ascending.ids, expected, by);
        t.equal(ascending.total, 4);
        const descending = await tenant.search('User', undefined, {
          sort: { by, descending: true },
        });
        t.strictSame(descending.ids, expected.toReversed(), `${by} descending`);
        t.strictSame([ascending.next, ascending.previous], [undefined, undefined]);
      }
    },
  );

  await t.test('pages of a sorted list and of a sorted filter', async (t) => {
    const tenant = await newTenant();
    const ids = await populate(tenant);
    const page = async (
      by: string,
      filter: string | undefined,
      startIndex: number,
      count: number,
    ) => {
      const sort = { by, descending: false };
      const found = await tenant.search('User', filter, { sort, startIndex, count });
      return [found.total, ...found.ids];
    };
    for (const filter of [undefined, 'userName pr']) {
      for (const by of ['userName', 'name.familyName', 'id']) {
        const all = await page(by, filter, 1, 9);
        t.strictSame(await page(by, filter, 2, 2), [4, all[2], all[3]], by);
        t.strictSame(await page(by, filter, 4, 9), [4, all[4]], by);
        t.strictSame(await page(by, filter, 5, 9), [4], by);
        t.strictSame(await page(by, filter, 1, 0), [4], by);
      }
    }
    t.strictSame(await page('title', 'externalId eq "b"', 1, 9), [2, ids['dee'], ids['ann']]);
    t.strictSame(await page('title', 'externalId eq "b"', 2, 1), [2, ids['ann']]);
    t.strictSame(await page('title', `id eq "${ids['bob'] ?? ''}"`, 1, 9), [1, ids['bob']]);
  });

  await t.test('a changed value moves its resource', async (t) => {
    const tenant = await newTenant();
    const { ann = '', bob = '', Cid = '', dee = '' } = await populate(tenant);
    const order = async (by: string) =>
      (await tenant.search('User', undefined, { sort: { by, descending: false } })).ids;
    await tenant.patch('User', ann, [set('replace', 'userName', 'zoe')]);
    t.strictSame(await order('userName'), [bob, Cid, dee, ann]);
    await tenant.patch('User', Cid, [unset('title')]);
    t.strictSame(await order('title'), [bob, dee, Cid, ann]);
    await tenant.delete('User', dee);
    t.strictSame(await order('userName'), [bob, Cid, ann]);
  });

  await t.test('names that begin alike for long are told apart by id', async (t) => {
    const tenant = await newTenant();
    const long = 'x'.repeat(300);
    const ids = [];
    for (const name of [`${long}b`, `${long}A`, 'y', 'w']) ids.push(await tenant.createUser(name));
    const [b, a, y, w] = ids;
    for (const [descending, expected] of [
      [false, [w, b, a, y]],
      [true, [y, a, b, w]],
    ] as const) {
      const sort = { by: 'userName', descending };
      t.strictSame((await tenant.search('User', undefined, { sort })).ids, expected);
      t.strictSame((await tenant.search('User', 'userName pr', { sort })).ids, expected);
    }
  });

  await t.test('several types have one order, with and without a sort', async (t) => {
    const tenant = await newTenant();
    const group = await tenant.createGroup('Beta');
    const user = await tenant.createUser('x', { displayName: 'alpha', title: 'T' });
    const other = await tenant.createUser('y', { displayName: 'Gamma' });
    const both = ['User', 'Group'];
    const ids = async (by?: string, descending = false, startIndex = 1, count = 9) => {
      const sort = by === undefined ? {} : { sort: { by, descending } };
      const page = { ...sort, startIndex, count };
      const found = await tenant.searchTypes(both, undefined, page);
      t.equal(found.total, 3);
      return found.ids;
    };
    t.strictSame(await ids(), [user, other, group], 'type by type');
    t.strictSame(await ids(undefined, false, 2, 1), [other]);
    t.strictSame(await ids(undefined, false, 3, 5), [group]);
    t.strictSame(await ids('displayName'), [user, group, other]);
    t.strictSame(await ids('displayName', true), [other, group, user]);
    t.strictSame(await ids('displayName', false, 2, 1), [group]);
    t.strictSame(await ids('id'), [group, user, other]);
    t.strictSame(await ids('title'), [user, other, group], 'what a type lacks it has no value for');
    t.strictSame(await ids('title', true), [group, other, user]);
    t.strictSame(await ids('members.value'), [user, other, group]);
    const filtered = await tenant.searchTypes(both, 'displayName sw "b"', { links: true });
    t.strictSame(filtered.ids, [group]);
    t.match(filtered.resources, [{ type: 'Group', links: '[]' }]);
  });
}

/** Users in the order of creation: dee, bob, Cid, ann. */
async function populate(tenant: Tenant): Promise<Record<string, string>> {
  const bodies: readonly (readonly [string, JsonObject])[] = [
    [
      'dee',
      {
        externalId: 'b',
        active: false,
        title: 'Zz',
        name: { familyName: 'Abel' },
        emails: [{ value: 'm@x' }, { value: 'a@x', type: 'home' }],
        [ENTERPRISE]: { employeeNumber: '2', manager: { value: 'B' } },
      },
    ],
    [
      'bob',
      {
        externalId: 'B',
        active: true,
        title: 'y',
        emails: [
          { value: 'z@x', type: 'work' },
          { value: 'A@X', type: 'home', primary: true },
        ],
      },
    ],
    [
      'Cid',
      {
        active: true,
        title: 'X',
        emails: [{ value: 'b@x', type: 'work' }],
        [ENTERPRISE]: { employeeNumber: '10' },
      },
    ],
    [
      'ann',
      {
        externalId: 'b',
        active: false,
        name: { familyName: 'Abel' },
        [ENTERPRISE]: { manager: { value: 'A' } },
      },
    ],
  ];
  const ids: Record<string, string> = {};
  for (const [name, body] of bodies) ids[name] = await tenant.createUser(name, body);
  await tenant.createGroup('Alpha', [ids['bob'] ?? '']);
  return ids;
}
