/** Create, read, replace, patch and delete, and what each does to version and times. */
import type { Test } from 'tap';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { set, unset } from './tenant.ts';

export async function resources(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('what was created is read back as it was stored', async (t) => {
    const tenant = await newTenant();
    const id = tenant.newId();
    const result = await tenant.create('User', id, { userName: 'bjensen', title: 'å€😀"\\\n' });
    const read = await tenant.read('User', id);
    t.equal(read.id, id);
    t.equal(read.type, 'User');
    t.equal(read.version, result.version);
    t.equal(read.created, result.created);
    t.equal(read.lastModified, result.created);
    t.equal(read.links, '[]');
    t.equal(result.changed, true);
    const document = await tenant.document('User', id);
    t.match(document, { id, userName: 'bjensen', title: 'å€😀"\\\n' });
    t.notOk('meta' in document || 'groups' in document, 'nothing derived is stored');
  });

  await t.test('what comes from elsewhere keeps both of its times', async (t) => {
    const tenant = await newTenant();
    const id = tenant.newId();
    const times = { created: 1_000, now: 2_000 };
    const result = await tenant.create('User', id, { userName: 'bjensen' }, times);
    t.match(result, { created: 1_000, lastModified: 2_000 });
    t.match(await tenant.read('User', id), { created: 1_000, lastModified: 2_000 });
    await tenant.patch('User', id, [set('replace', 'title', 'new')]);
    const { created, lastModified } = await tenant.read('User', id);
    t.equal(created, 1_000);
    t.ok(lastModified > 2_000);
  });

  await t.test('an id that is unknown, or of another type, is not found', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    t.equal(await tenant.find('User', tenant.newId()), undefined);
    t.equal(await tenant.find('Group', id), undefined);
    await refused(t, tenant.patch('Group', id, [set('replace', 'displayName', 'x')]), {
      status: 404,
    });
  });

  await t.test('links come only when asked for', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createGroup('g', [await tenant.createUser('a')]);
    t.equal((await tenant.find('Group', id))?.links, undefined);
    t.not((await tenant.read('Group', id)).links, undefined);
  });

  await t.test('replace takes the place of the whole document', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { title: 'old', active: true });
    const before = await tenant.read('User', id);
    const result = await tenant.replace('User', id, { userName: 'a', active: false });
    t.ok(result.version > before.version);
    t.equal(result.created, before.created);
    t.ok(result.lastModified > before.lastModified);
    const document = await tenant.document('User', id);
    t.match(document, { userName: 'a', active: false });
    t.notOk('title' in document);
  });

  await t.test('patch answers the document it has made', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { title: 'old' });
    const result = await tenant.patch('User', id, [
      set('replace', 'title', 'new'),
      set('add', 'nickName', 'n'),
    ]);
    t.equal(result.document, await tenant.text('User', id));
    t.match(await tenant.document('User', id), { title: 'new', nickName: 'n' });
    await tenant.patch('User', id, [unset('title')]);
    t.notOk('title' in (await tenant.document('User', id)));
  });

  await t.test('a write that changes nothing keeps version and lastModified', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { title: 'same', nickName: 'n' });
    const before = await tenant.read('User', id);
    const patched = await tenant.patch('User', id, [set('replace', 'title', 'same')]);
    const replaced = await tenant.replace('User', id, {
      nickName: 'n',
      title: 'same',
      userName: 'a',
    });
    for (const result of [patched, replaced]) {
      t.equal(result.changed, false);
      t.equal(result.version, before.version);
      t.equal(result.lastModified, before.lastModified);
    }
    t.strictSame(await tenant.read('User', id), before);
  });

  await t.test('patch applies all operations or none', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { title: 'old' });
    const before = await tenant.read('User', id);
    await refused(
      t,
      tenant.patch('User', id, [set('replace', 'title', 'new'), unset('userName')]),
      {
        status: 400,
        scimType: 'mutability',
      },
    );
    t.strictSame(await tenant.read('User', id), before);
  });

  await t.test('what was deleted is gone, and cannot be written again', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    await tenant.delete('User', id);
    t.equal(await tenant.find('User', id), undefined);
    t.equal((await tenant.search('User', undefined)).total, 0);
    await refused(t, tenant.delete('User', id), { status: 404 });
    await refused(t, tenant.replace('User', id, { userName: 'a' }), { status: 404 });
    await refused(t, tenant.patch('User', id, [set('add', 'title', 'x')]), { status: 404 });
    await tenant.createUser('a');
    t.pass('its userName is free again');
  });

  await t.test('versions are never reused', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a');
    const seen = [(await tenant.read('User', id)).version];
    for (const title of ['1', '2', '3']) {
      seen.push((await tenant.patch('User', id, [set('replace', 'title', title)])).version);
    }
    await tenant.delete('User', id);
    seen.push((await tenant.read('User', await tenant.createUser('a'))).version);
    t.strictSame(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    t.equal(new Set(seen).size, seen.length);
  });
}
