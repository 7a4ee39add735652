/** Uniqueness of what a schema of the endpoint declares unique, beyond the name. */
import type { Test } from 'tap';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import { attribute, list, text } from '../../scim/schema/define.ts';
import { refused } from './refused.ts';
import type { NewTenant } from './subject.ts';
import { set, type Tenant, unset } from './tenant.ts';

const DEVICE = 'urn:example:schemas:Device';
const OWNER = 'urn:example:schemas:extension:Owner';
const UNIQUE = { uniqueness: 'server' } as const;

const CONFIG = {
  schemas: [
    {
      id: DEVICE,
      name: 'Device',
      description: 'A device',
      attributes: [
        text('serial', 'The name, and case-exact.', { ...UNIQUE, caseExact: true }),
        text('label', 'A second unique text.', UNIQUE),
        attribute('number', 'integer', 'A unique number.', UNIQUE),
        attribute('weight', 'decimal', 'A unique weight.', UNIQUE),
        text('notes', 'Not unique.'),
        list('ports', 'Each port is unique.', [text('value', '', UNIQUE), text('type', '')]),
      ],
    },
    {
      id: OWNER,
      name: 'Owner',
      description: 'Of a device',
      attributes: [text('badge', 'Unique.', { uniqueness: 'global' })],
    },
  ],
  resourceTypes: ['Device', 'Spare'].map((name) => ({
    name,
    endpoint: `/${name}s`,
    description: name,
    schema: DEVICE,
    schemaExtensions: [{ schema: OWNER, required: false }],
  })),
};

export async function uniqueAttributes(t: Test, newTenant: NewTenant): Promise<void> {
  const device = async (tenant: Tenant, body: JsonObject): Promise<string> => {
    const id = tenant.newId();
    await tenant.create('Device', id, body);
    return id;
  };

  await t.test('a value belongs to one resource, as the attribute compares it', async (t) => {
    const tenant = await newTenant(CONFIG);
    const given: JsonObject = {
      serial: 'S',
      label: 'Straße',
      number: 7,
      weight: 1.5,
      ports: [{ value: 'Eth0' }, { value: 'eth1' }],
      [OWNER]: { badge: 'B' },
    };
    await device(tenant, given);
    const conflicts: readonly [JsonObject, RegExp][] = [
      [{ serial: 'S' }, /^serial "S" belongs to another Device$/],
      [
        { label: 'STRASSE' },
        /^label "STRASSE" belongs to another Device \(compared without case\)$/,
      ],
      [{ number: 7 }, /^number 7 belongs to another Device$/],
      [{ weight: 15e-1 }, /^weight 1\.5 belongs to another Device$/],
      [
        { ports: [{ value: 'x' }, { value: 'ETH1', type: 'home' }] },
        /^ports\.value "ETH1" belongs/,
      ],
      [{ [OWNER]: { badge: 'b' } }, new RegExp(`^${OWNER}:badge "b" belongs`)],
    ];
    for (const [body, message] of conflicts) {
      const call = device(tenant, { notes: 'second', ...body });
      await refused(t, call, { status: 409, scimType: 'uniqueness', message });
    }
    t.equal((await tenant.search('Device', undefined)).total, 1, 'the refused left nothing');
    await device(tenant, { serial: 's', label: 'Strasse!', number: 8 });
  });

  await t.test('a refused create leaves its other values free', async (t) => {
    const tenant = await newTenant(CONFIG);
    await device(tenant, { number: 1 });
    await refused(t, device(tenant, { label: 'free', number: 1 }), { status: 409 });
    await device(tenant, { label: 'free', number: 2 });
  });

  await t.test('a case-exact name is found as it is written, and only so', async (t) => {
    const tenant = await newTenant(CONFIG);
    const id = await device(tenant, { serial: 'Ab' });
    t.strictSame((await tenant.search('Device', 'serial eq "Ab"')).ids, [id]);
    t.strictSame((await tenant.search('Device', 'serial eq "AB"')).ids, []);
  });

  await t.test('replace and patch to a taken value are refused and change nothing', async (t) => {
    const tenant = await newTenant(CONFIG);
    await device(tenant, { label: 'taken', ports: [{ value: 'p' }] });
    const id = await device(tenant, { label: 'mine', ports: [{ value: 'q' }] });
    const before = await tenant.read('Device', id);
    const add = (value: JsonValue) => tenant.patch('Device', id, [set('add', 'ports', value)]);
    for (const call of [
      tenant.replace('Device', id, { label: 'TAKEN' }),
      tenant.patch('Device', id, [set('replace', 'label', 'Taken')]),
      add([{ value: 'r' }, { value: 'P' }]),
    ]) {
      await refused(t, call, { status: 409, scimType: 'uniqueness' });
    }
    t.strictSame(await tenant.read('Device', id), before);
    await device(tenant, { ports: [{ value: 'r' }] });
    await refused(
      t,
      device(tenant, { label: 'mine' }),
      { status: 409 },
      'its own are still its own',
    );
  });

  await t.test('what a resource gives up is free, what it keeps is not', async (t) => {
    const tenant = await newTenant(CONFIG);
    const id = await device(tenant, {
      label: 'a',
      number: 1,
      ports: [{ value: 'p' }, { value: 'q' }],
    });
    await tenant.patch('Device', id, [set('replace', 'label', 'b'), unset('number')]);
    await tenant.replace('Device', id, { label: 'B', ports: [{ value: 'q', type: 'x' }] });
    await device(tenant, { label: 'a', number: 1, ports: [{ value: 'p' }] });
    await refused(t, device(tenant, { label: 'b' }), { status: 409 });
    await refused(t, device(tenant, { ports: [{ value: 'Q' }] }), { status: 409 });
    await tenant.delete('Device', id);
    await device(tenant, { label: 'b', ports: [{ value: 'Q' }] });
  });

  await t.test('types and endpoints are apart, and attributes too', async (t) => {
    const [tenant, other] = [await newTenant(CONFIG), await newTenant(CONFIG)];
    const body = { label: 'x', [OWNER]: { badge: 'x' } };
    await device(tenant, body);
    await tenant.create('Spare', tenant.newId(), body);
    await device(other, body);
    t.equal((await tenant.search('Spare', undefined)).total, 1);
    t.equal((await other.search('Device', undefined)).total, 1);
  });

  await t.test('one resource may have a value more than once', async (t) => {
    const tenant = await newTenant(CONFIG);
    const ports = ['x', 'y'].map((type) => ({ value: 'p', type }));
    const id = await device(tenant, { ports });
    await tenant.patch('Device', id, [set('replace', 'notes', 'n')]);
    await tenant.replace('Device', id, { ports: ports.slice(1) });
    await refused(t, device(tenant, { ports: [{ value: 'p' }] }), { status: 409 });
  });

  await t.test('of ten that want one value at once, one gets it', async (t) => {
    const tenant = await newTenant(CONFIG);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => device(tenant, { number: 5 })),
    );
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });
}
