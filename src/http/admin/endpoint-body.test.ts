import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { failureOf } from '../test/failure-of.ts';
import type { JsonValue } from '../../scim/json.ts';
import { compileEndpointBodyChecks } from './endpoint-body.ts';

const { forCreate, forUpdate } = compileEndpointBodyChecks(LIMITS);

t.test('a body is turned into the fields it has', (t) => {
  const body = { name: 'acme_1-X', displayName: 'Acme', config: { requireIfMatch: 'True' } };
  t.same(forCreate(body), { ...body, description: undefined, active: undefined });
  t.same(forUpdate({ active: false, description: null }), {
    name: undefined,
    displayName: undefined,
    description: null,
    config: undefined,
    active: false,
  });
  t.end();
});

t.test('what the server wrote may be sent back', (t) => {
  const echoed = { id: '1', scimEndpoint: '/x', createdAt: 'now', updatedAt: 'now', active: true };
  t.match(forUpdate(echoed), { active: true });
  t.notMatch(Object.keys(forUpdate(echoed)), ['id']);
  t.end();
});

t.test('what is wrong is named with what would be right', (t) => {
  const cases: readonly (readonly [JsonValue, RegExp])[] = [
    [{}, /^name is required/],
    [{ name: '' }, /^name takes/],
    [{ name: 'a b' }, /^name takes/],
    [{ name: 'å' }, /^name takes/],
    [{ name: 'a\n' }, /^name takes/],
    [{ name: 'x'.repeat(256) }, /^name takes/],
    [{ name: 5 }, /^name takes/],
    [{ name: null }, /^name takes/],
    [{ name: 'a', displayName: 5 }, /^displayName takes/],
    [{ name: 'a', description: 'x'.repeat(1001) }, /^description takes/],
    [{ name: 'a', active: 'yes' }, /^active takes/],
    [{ name: 'a', config: [] }, /^config takes/],
    [{ name: 'a', config: null }, /^config takes/],
    [
      { name: 'a', config: { requireIfmatch: true } },
      /"requireIfmatch" is no setting; .*requireIfMatch/,
    ],
    [{ name: 'a', displayname: 'A' }, /"displayname" is no field/],
    [[], /^the body takes a JSON object, not array/],
    ['x', /^the body takes a JSON object, not string/],
    [null, /^the body takes a JSON object/],
  ];
  for (const [body, message] of cases) {
    t.match(
      failureOf(() => forCreate(body)),
      { status: 400, message },
      JSON.stringify(body).slice(0, 60),
    );
  }
  t.match(
    failureOf(() => forUpdate({ name: 'a b' })),
    { status: 400, message: /^name takes/ },
  );
  t.end();
});

t.test('a key named __proto__ is a field we do not have', (t) => {
  const body = JSON.parse('{"name":"a","__proto__":{"active":false}}') as JsonValue;
  t.match(
    failureOf(() => forCreate(body)),
    { status: 400, message: /__proto__/ },
  );
  t.end();
});
