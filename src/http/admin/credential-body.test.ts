import t from 'tap';
import type { JsonValue } from '../../scim/json.ts';
import { failureOf } from '../test/failure-of.ts';
import { compileCredentialBodyChecks } from './credential-body.ts';

const { forNewCredential, forCredential, forRotation } = compileCredentialBodyChecks();
const NOTHING = {
  label: undefined,
  scopes: undefined,
  subject: undefined,
  active: undefined,
  expiresAt: undefined,
};

t.test('what may be said of a credential', async (t) => {
  t.same(forNewCredential({ label: 'x' }), { kind: 'bearer', fields: { ...NOTHING, label: 'x' } });
  t.same(
    forNewCredential({
      label: 'x',
      kind: 'client',
      scopes: ['scim.read', 'scim.manage'],
      subject: 'ada',
      expiresAt: '2026-11-21T06:00:00+01:00',
      active: false,
    }),
    {
      kind: 'client',
      fields: {
        label: 'x',
        scopes: ['scim.read', 'scim.manage'],
        subject: 'ada',
        expiresAt: Date.UTC(2026, 10, 21, 5),
        active: false,
      },
    },
  );
  t.same(forCredential({}), NOTHING);
  t.same(forCredential({ expiresAt: null, subject: null, scopes: [] }), {
    ...NOTHING,
    expiresAt: null,
    subject: null,
    scopes: [],
  });
});

t.test('what a client was given may come back', async (t) => {
  const shown = {
    id: 'a',
    endpointId: 'b',
    kind: 'client',
    label: 'x',
    secrets: [],
    createdAt: '',
    updatedAt: '',
    lastUsedAt: null,
  };
  t.same(forCredential(shown), { ...NOTHING, label: 'x' });
});

t.test('what is wrong is named with what would be right', async (t) => {
  const cases: readonly (readonly [JsonValue, RegExp])[] = [
    [{}, /^label is required; it takes a text/],
    [{ label: '' }, /^label takes a text of 1 to 255/],
    [{ label: 'x'.repeat(256) }, /^label takes/],
    [{ label: 'x', kind: 'basic' }, /^kind takes "bearer" or "client"/],
    [{ label: 'x', scopes: 'scim.read' }, /^scopes takes a list of "scim.read"/],
    [{ label: 'x', scopes: ['scim.admin'] }, /^scopes takes a list/],
    [{ label: 'x', scopes: ['scim.read', 'scim.read'] }, /^scopes takes a list/],
    [{ label: 'x', subject: '' }, /^subject takes/],
    [{ label: 'x', expiresAt: 'soon' }, /^expiresAt takes a time with its offset/],
    [{ label: 'x', expiresAt: 5 }, /^expiresAt takes/],
    [{ label: 'x', active: 'True' }, /^active takes true or false/],
    [{ label: 'x', hash: 'abc' }, /"hash" is no field of a credential; .*label/],
    [{ label: 'x', token: 'scim_a_b' }, /"token" is no field/],
    [[], /^the body takes a JSON object, not array/],
  ];
  for (const [body, message] of cases) {
    t.match(
      failureOf(() => forNewCredential(body)),
      { status: 400, message },
      JSON.stringify(body).slice(0, 60),
    );
  }
});

t.test('how long the former secret opens', async (t) => {
  t.equal(forRotation({}), undefined);
  t.equal(forRotation({ graceSeconds: 0 }), 0);
  t.equal(forRotation({ graceSeconds: 2_592_000 }), 2_592_000);
  for (const graceSeconds of [-1, 1.5, 2_592_001, '60', null]) {
    t.match(
      failureOf(() => forRotation({ graceSeconds })),
      { status: 400, message: /^graceSeconds takes whole seconds up to 2592000/ },
    );
  }
});
