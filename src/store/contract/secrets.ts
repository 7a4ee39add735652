/**
 * What a type returns `never`: kept, and never shown. The port has no way to read a secret, so that
 * one is known to be there by what a change of it does.
 */
import type { Test } from 'tap';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { set, unset } from './tenant.ts';

export async function secrets(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('a secret is no part of the document, nor can it be asked for', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { password: 'hunter2' });
    const before = await tenant.text('User', id);
    t.notMatch(before, /password|scrypt|hunter2/);
    const patched = await tenant.patch('User', id, [set('replace', 'password', 'hunter3')]);
    t.equal(patched.document, before);
    await refused(t, tenant.search('User', 'password pr'), { status: 400 });
  });

  await t.test('setting one is a change, also when nothing else changes', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { password: 'hunter2' });
    let { version, lastModified } = await tenant.read('User', id);
    const changes = [
      () => tenant.patch('User', id, [set('replace', 'password', 'hunter3')]),
      () => tenant.patch('User', id, [set('add', 'password', 'hunter4')]),
      () => tenant.replace('User', id, { userName: 'a', password: 'hunter5' }),
    ];
    for (const change of changes) {
      t.equal((await change()).changed, true);
      const after = await tenant.read('User', id);
      t.ok(after.version > version && after.lastModified > lastModified);
      ({ version, lastModified } = after);
    }
  });

  await t.test('one that is there can be taken away, once', async (t) => {
    const tenant = await newTenant();
    for (const removal of [
      unset('password'),
      set('replace', 'password', null),
      set('add', 'password', ''),
    ]) {
      const id = tenant.newId();
      await tenant.create('User', id, { userName: id, password: 'hunter2' });
      t.equal((await tenant.patch('User', id, [removal])).changed, true);
      const after = await tenant.read('User', id);
      t.equal((await tenant.patch('User', id, [removal])).changed, false);
      t.strictSame(await tenant.read('User', id), after);
    }
  });

  await t.test('a replace without it leaves it, an empty one takes it away', async (t) => {
    const tenant = await newTenant();
    const id = await tenant.createUser('a', { password: 'hunter2' });
    await tenant.replace('User', id, { userName: 'a', title: 'x' });
    t.equal((await tenant.replace('User', id, { userName: 'a', title: 'x' })).changed, false);
    t.equal(
      (await tenant.replace('User', id, { userName: 'a', title: 'x', password: '' })).changed,
      true,
    );
    t.equal((await tenant.patch('User', id, [unset('password')])).changed, false, 'it is gone');
  });

  await t.test('a refused change leaves it', async (t) => {
    const tenant = await newTenant();
    await tenant.createUser('taken');
    const id = await tenant.createUser('a');
    const both = [set('add', 'password', 'hunter2'), set('replace', 'userName', 'taken')];
    await refused(t, tenant.patch('User', id, both), { status: 409 });
    t.equal((await tenant.patch('User', id, [unset('password')])).changed, false);
  });
}
