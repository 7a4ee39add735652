/** Endpoints (tenants): what an administrator does to them, and that they never see each other. */
import type { Test } from 'tap';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import type { EndpointFields } from '../commands.ts';
import { endpointFields, type Tenant } from './tenant.ts';

export async function endpoints(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('a new endpoint is found by id and by name', async (t) => {
    const { store, newId } = await admin(newTenant);
    const id = newId();
    await create(store, id, {
      name: 'acme',
      displayName: 'Acme',
      description: null,
      config: { unknownMember: 'keep' },
    });
    const endpoint = store.endpoint(id);
    t.match(endpoint, {
      id,
      name: 'acme',
      displayName: 'Acme',
      description: null,
      config: { unknownMember: 'keep' },
      active: true,
    });
    t.equal(endpoint?.settings.unknownMember, 'keep');
    t.equal(endpoint?.settings.unknownAttributes, 'drop', 'what config does not say is default');
    t.equal(store.endpoint('acme'), endpoint);
    t.equal(store.endpoint('ACME'), undefined, 'names compare exactly');
    t.ok(store.endpoints().some((each) => each === endpoint));
  });

  await t.test('an update changes what it names; the object stays until then', async (t) => {
    const { store, newId } = await admin(newTenant);
    const [id, other] = [newId(), newId()];
    await create(store, id, { name: 'one', displayName: 'One', description: 'text' });
    await create(store, other, { name: 'other' });
    const before = store.endpoint(id);
    const untouched = store.endpoint(other);
    await update(store, id, { name: 'uno', displayName: null, active: false });
    t.match(store.endpoint(id), {
      name: 'uno',
      displayName: null,
      description: 'text',
      active: false,
      createdAt: before?.createdAt,
    });
    t.equal(store.endpoint('one'), undefined);
    t.equal(store.endpoint('uno'), store.endpoint(id));
    t.equal(store.endpoint(other), untouched, 'the same object');
    t.match(before, { name: 'one', active: true }, 'whoever holds the old one sees the old one');
  });

  await t.test('settings take effect with the next write', async (t) => {
    const tenant = await newTenant();
    await refused(t, tenant.createGroup('g', ['nobody']), { status: 400 });
    await update(tenant.store, tenant.id, { config: { unknownMember: 'ignore' } });
    await tenant.createGroup('g', ['nobody']);
    t.equal((await tenant.search('Group', undefined)).total, 1);
  });

  await t.test('a taken name and an unknown id are refused', async (t) => {
    const { store, newId } = await admin(newTenant);
    await create(store, newId(), { name: 'taken' });
    const id = newId();
    await refused(t, create(store, id, { name: 'taken' }), { status: 400 });
    t.equal(store.endpoint(id), undefined);
    await refused(t, update(store, id, { active: false }), { status: 404 });
    await refused(t, remove(store, id), { status: 404 });
    const free = newId();
    await create(store, free, { name: 'free' });
    await refused(t, update(store, free, { name: 'taken' }), { status: 400 });
    t.equal(store.endpoint(free)?.name, 'free');
  });

  await t.test('endpoints are listed in creation order', async (t) => {
    const { store, newId } = await admin(newTenant);
    const ids = [newId(), newId(), newId()];
    for (const [n, id] of ids.entries()) await create(store, id, { name: `order${9 - n}` });
    t.strictSame(
      store
        .endpoints()
        .map(({ id }) => id)
        .slice(-3),
      ids,
    );
  });

  await t.test('an endpoint sees nothing of another', async (t) => {
    const [a, b] = [await newTenant(), await newTenant()];
    const user = await a.createUser('a', { externalId: 'e' });
    await a.createGroup('g', [user]);
    t.equal(await b.find('User', user), undefined);
    for (const filter of [undefined, 'userName eq "a"', 'externalId eq "e"', 'userName sw "a"']) {
      t.equal((await b.search('User', filter)).total, 0, filter ?? 'all');
    }
    await refused(t, b.delete('User', user), { status: 404 });
    await refused(t, b.replace('User', user, { userName: 'b' }), { status: 404 });
    t.ok(await a.find('User', user));
  });

  await t.test('one id may live in two endpoints, each its own resource', async (t) => {
    const [a, b] = [await newTenant(), await newTenant()];
    const id = await a.createUser('in a');
    await b.create('User', id, { userName: 'in b' });
    t.match(await a.document('User', id), { userName: 'in a' });
    t.match(await b.document('User', id), { userName: 'in b' });
    await a.delete('User', id);
    t.match(await b.document('User', id), { userName: 'in b' });
  });

  await t.test('stats count resources and memberships of one endpoint', async (t) => {
    const [a, b] = [await newTenant({ unknownMember: 'keep' }), await newTenant()];
    t.strictSame(await b.store.endpointStats(b.id), {
      resources: { User: 0, Group: 0 },
      memberships: 0,
    });
    const users = [await a.createUser('a'), await a.createUser('b')];
    const inner = await a.createGroup('inner', users);
    await a.createGroup('outer', [inner, 'nobody']);
    t.strictSame(await a.store.endpointStats(a.id), {
      resources: { User: 2, Group: 2 },
      memberships: 4,
    });
    await a.delete('Group', inner);
    t.strictSame(await a.store.endpointStats(a.id), {
      resources: { User: 2, Group: 1 },
      memberships: 1,
    });
  });

  await t.test('a deleted endpoint is gone with its resources; its name is free', async (t) => {
    const tenant = await newTenant();
    const { store } = tenant;
    const name = store.endpoint(tenant.id)?.name ?? '';
    const user = await tenant.createUser('a');
    await tenant.createGroup('g', [user]);
    await remove(store, tenant.id);
    t.equal(store.endpoint(tenant.id), undefined);
    t.equal(store.endpoint(name), undefined);
    await refused(t, tenant.find('User', user), { status: 404 });
    await refused(t, tenant.search('User', undefined), { status: 404 });
    await refused(t, tenant.createUser('b'), { status: 404 });
    await refused(t, store.endpointStats(tenant.id), { status: 404 });
    const id = tenant.newId();
    await create(store, id, { name });
    t.equal(store.endpoint(name)?.id, id);
    t.strictSame(await store.endpointStats(id), {
      resources: { User: 0, Group: 0 },
      memberships: 0,
    });
  });
}

type Store = Tenant['store'];

async function admin(newTenant: NewTenant): Promise<{ store: Store; newId: () => string }> {
  const tenant = await newTenant();
  return { store: tenant.store, newId: () => tenant.newId() };
}

function create(store: Store, endpointId: string, fields: Partial<EndpointFields>) {
  return store.write({
    kind: 'createEndpoint',
    endpointId,
    now: 1_700_000_000_000,
    log: undefined,
    fields: endpointFields(fields),
  });
}

function update(store: Store, endpointId: string, fields: Partial<EndpointFields>) {
  return store.write({
    kind: 'updateEndpoint',
    endpointId,
    now: 1_700_000_001_000,
    log: undefined,
    fields: endpointFields(fields),
  });
}

function remove(store: Store, endpointId: string) {
  return store.write({
    kind: 'deleteEndpoint',
    endpointId,
    now: 1_700_000_002_000,
    log: undefined,
  });
}
