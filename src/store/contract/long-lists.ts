/** Pages of lists that are too long to be skipped through, while they change. */
import type { Test } from 'tap';
import type { NewTenant } from './subject.ts';
import type { Tenant } from './tenant.ts';

const COUNT = 1500;

export async function longLists(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test(
    'a page by index is where it should be, however deep, whatever comes and goes',
    async (t) => {
      const tenant = await newTenant();
      const ids = await Promise.all(
        Array.from({ length: COUNT }, (_, n) => tenant.createUser(`u${n}`)),
      );
      const look = async (): Promise<void> => {
        for (const startIndex of [1400, 1, 1101, 257, 1400, ids.length]) {
          const found = await tenant.search('User', undefined, { startIndex, count: 3 });
          t.strictSame(found.ids, ids.slice(startIndex - 1, startIndex + 2), String(startIndex));
          t.equal(found.total, ids.length);
          const sort = { by: 'id', descending: true };
          const down = await tenant.search('User', undefined, { sort, startIndex, count: 3 });
          const from = ids.length - startIndex;
          const expected = ids.slice(Math.max(from - 2, 0), from + 1).toReversed();
          t.strictSame(down.ids, expected, `${startIndex} downwards`);
        }
      };
      await look();
      ids.push(await tenant.createUser('at the end'));
      await look();
      await remove(tenant, ids, 700);
      await look();
      const between = `${ids[300] ?? ''}a`;
      await tenant.create('User', between, { userName: 'between' });
      ids.splice(301, 0, between);
      await look();
      await remove(tenant, ids, ids.length - 1);
      await look();
    },
  );

  await t.test('deep pages and deep walks by name', async (t) => {
    const tenant = await newTenant();
    const ids = await Promise.all(
      Array.from({ length: COUNT }, (_, n) => tenant.createUser(`u${String(n).padStart(5, '0')}`)),
    );
    for (const descending of [false, true]) {
      const sort = { by: 'userName', descending };
      const expected = descending ? ids.toReversed() : ids;
      const deep = await tenant.search('User', undefined, { sort, startIndex: 1201, count: 100 });
      t.strictSame(deep.ids, expected.slice(1200, 1300));
      const position = {
        type: 'User',
        id: expected[1299] ?? '',
        key: descending ? 'u00200' : 'u01299',
      };
      const place = { backwards: false, position } as const;
      const next = await tenant.search('User', undefined, { sort, place, count: 100 });
      t.strictSame(next.ids, expected.slice(1300, 1400));
      t.equal(next.total, COUNT);
    }
  });
}

async function remove(tenant: Tenant, ids: string[], at: number): Promise<void> {
  const [id = ''] = ids.splice(at, 1);
  await tenant.delete('User', id);
}
