/** Credentials: what is stored of them, what each command changes, and that they go with their endpoint. */
import type { Test } from 'tap';
import type { CredentialFields } from '../credential-commands.ts';
import type { Credential } from '../credential.ts';
import type { WriteResult } from '../results.ts';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import type { Tenant } from './tenant.ts';

export async function credentials(t: Test, newTenant: NewTenant): Promise<void> {
  await t.test('a new one is found by id and listed with its endpoint', async (t) => {
    const tenant = await newTenant();
    const first = await create(tenant, { label: 'first' });
    const second = await create(
      tenant,
      {
        label: 'second',
        scopes: ['scim.read', 'scim.manage'],
        subject: 'ada',
        active: false,
        expiresAt: 1_800_000_000_000,
      },
      'client',
    );
    t.same(first, {
      id: first.id,
      endpointId: tenant.id,
      kind: 'bearer',
      label: 'first',
      scopes: ['scim.read', 'scim.write'],
      subject: undefined,
      active: true,
      createdAt: first.createdAt,
      updatedAt: first.createdAt,
      expiresAt: undefined,
      lastUsedAt: undefined,
      secrets: [{ hash: HASH, createdAt: first.createdAt, expiresAt: undefined }],
    });
    t.match(second, {
      kind: 'client',
      scopes: ['scim.read', 'scim.manage'],
      subject: 'ada',
      active: false,
      expiresAt: 1_800_000_000_000,
    });
    const listed = tenant.store.credentials(tenant.id);
    t.same(
      listed.map(({ id }) => id),
      [first.id, second.id],
    );
    t.equal(listed[0], tenant.store.credential(first.id), 'the same object');
    t.equal(tenant.store.credential('nobody'), undefined);
    t.same((await newTenant()).store.credentials('nobody'), []);
  });

  await t.test('an update changes what it names; the object stays until then', async (t) => {
    const tenant = await newTenant();
    const other = await create(tenant, { label: 'other' });
    const before = await create(tenant, { label: 'one', subject: 'ada', expiresAt: 5 });
    await update(tenant, before.id, { label: 'uno', expiresAt: null, active: false });
    const after = found(tenant, before.id);
    t.match(after, { label: 'uno', subject: 'ada', expiresAt: undefined, active: false });
    t.ok(after.updatedAt > before.updatedAt);
    t.same([after.createdAt, after.secrets], [before.createdAt, before.secrets]);
    t.match(before, { label: 'one', active: true }, 'whoever holds the old one sees the old one');
    t.equal(tenant.store.credential(other.id), other, 'the same object');
    await update(tenant, before.id, { subject: null, scopes: [] });
    t.match(found(tenant, before.id), { subject: undefined, scopes: [], label: 'uno' });
  });

  await t.test('a rotation keeps the former secret as long as it says, and no other', async (t) => {
    const tenant = await newTenant();
    const { id } = await create(tenant, { label: 'rotated' });
    const hashes = (): unknown[] =>
      found(tenant, id).secrets.map(({ hash, expiresAt }) => [hash, expiresAt]);
    await rotate(tenant, id, 'b', undefined);
    t.same(hashes(), [
      ['b', undefined],
      [HASH, undefined],
    ]);
    const until = tenant.now() + 100_000;
    await rotate(tenant, id, 'c', until);
    t.same(hashes(), [
      ['c', undefined],
      ['b', until],
    ]);
    await rotate(tenant, id, 'd', 0);
    t.same(hashes(), [['d', undefined]], 'a grace that is over keeps nothing');
  });

  await t.test('a note of its use never goes back, and is no change of it', async (t) => {
    const tenant = await newTenant();
    const { id, updatedAt } = await create(tenant, { label: 'used' });
    t.equal((await note(tenant, id, 5000)).changed, true);
    t.equal((await note(tenant, id, 4000)).changed, false);
    t.match(found(tenant, id), { lastUsedAt: 5000, updatedAt });
  });

  await t.test('a deleted one is gone; nobody else is found by its id', async (t) => {
    const tenant = await newTenant();
    const { id } = await create(tenant, { label: 'gone' });
    await remove(tenant, id);
    t.equal(tenant.store.credential(id), undefined);
    t.same(tenant.store.credentials(tenant.id), []);
    await refused(t, remove(tenant, id), { status: 404 });
    await refused(t, rotate(tenant, id, 'b', undefined), { status: 404 });
    await refused(t, update(tenant, id, { active: true }), { status: 404 });
  });

  await t.test('one endpoint cannot touch the credential of another', async (t) => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const { id } = await create(tenant, { label: 'mine' });
    await refused(t, update(other, id, { active: false }), { status: 404 });
    await refused(t, rotate(other, id, 'stolen', undefined), { status: 404 });
    await refused(t, note(other, id, 9), { status: 404 });
    await refused(t, remove(other, id), { status: 404 });
    t.match(found(tenant, id), { active: true, secrets: [{ hash: HASH }], lastUsedAt: undefined });
  });

  await t.test('they go with their endpoint', async (t) => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const { id } = await create(tenant, { label: 'orphan' });
    const kept = await create(other, { label: 'kept' });
    const { store, id: endpointId } = tenant;
    await store.write({ kind: 'deleteEndpoint', endpointId, now: tenant.now(), log: undefined });
    t.equal(store.credential(id), undefined);
    t.same(store.credentials(endpointId), []);
    t.equal(store.credential(kept.id), kept);
    await refused(t, create(tenant, { label: 'late' }), { status: 404 });
  });

  await t.test('an endpoint has so many and no more', async (t) => {
    const tenant = await newTenant();
    const ids = Array.from({ length: TOO_MANY }, () => tenant.newId());
    const made = await Promise.allSettled(
      ids.map((id) => send(tenant, id, { label: 'many' }, 'bearer')),
    );
    const refusals = made.filter(({ status }) => status === 'rejected');
    t.ok(refusals.length > 0 && refusals.length < TOO_MANY, `${refusals.length} are refused`);
    t.equal(tenant.store.credentials(tenant.id).length, TOO_MANY - refusals.length);
    await refused(t, create(tenant, { label: 'too many' }), { status: 409 });
    await remove(tenant, ids[7] ?? '');
    await create(tenant, { label: 'in its place' });
  });
}

/** More than any engine lets an endpoint have. */
const TOO_MANY = 1010;

const HASH = 'a'.repeat(64);

const NOTHING: CredentialFields = {
  label: undefined,
  scopes: undefined,
  subject: undefined,
  active: undefined,
  expiresAt: undefined,
};

async function create(
  tenant: Tenant,
  fields: Partial<CredentialFields>,
  kind: Credential['kind'] = 'bearer',
): Promise<Credential> {
  const id = tenant.newId();
  await send(tenant, id, fields, kind);
  return found(tenant, id);
}

function send(
  tenant: Tenant,
  id: string,
  fields: Partial<CredentialFields>,
  kind: Credential['kind'],
): Promise<WriteResult> {
  return tenant.store.write({
    kind: 'createCredential',
    ...aim(tenant, id),
    credentialKind: kind,
    fields: { ...NOTHING, ...fields },
    hash: HASH,
  });
}

function found({ store }: Tenant, id: string): Credential {
  const credential = store.credential(id);
  if (credential === undefined) throw new Error(`no credential ${id}`);
  return credential;
}

function update(
  tenant: Tenant,
  id: string,
  fields: Partial<CredentialFields>,
): Promise<WriteResult> {
  const command = { kind: 'updateCredential', ...aim(tenant, id) } as const;
  return tenant.store.write({ ...command, fields: { ...NOTHING, ...fields } });
}

function rotate(
  tenant: Tenant,
  id: string,
  hash: string,
  formerUntil: number | undefined,
): Promise<WriteResult> {
  return tenant.store.write({ kind: 'rotateCredential', ...aim(tenant, id), hash, formerUntil });
}

function note(tenant: Tenant, id: string, now: number): Promise<WriteResult> {
  return tenant.store.write({ kind: 'noteCredentialUse', ...aim(tenant, id), now });
}

function remove(tenant: Tenant, id: string): Promise<WriteResult> {
  return tenant.store.write({ kind: 'deleteCredential', ...aim(tenant, id) });
}

function aim(
  tenant: Tenant,
  credentialId: string,
): {
  readonly endpointId: string;
  readonly credentialId: string;
  readonly now: number;
  readonly log: undefined;
} {
  return { endpointId: tenant.id, credentialId, now: tenant.now(), log: undefined };
}
