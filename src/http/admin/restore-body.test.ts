import t from 'tap';
import type { JsonValue } from '../../scim/json.ts';
import { failureOf } from '../test/failure-of.ts';
import { compileRestoreBodyCheck } from './restore-body.ts';

const { forRestore } = compileRestoreBodyCheck();
const confirm = 'restore';

t.test('one target, confirmed', (t) => {
  t.same(forRestore({ sequence: 41, confirm }), { sequence: 41 });
  t.same(forRestore({ sequence: 0, confirm }), { sequence: 0 });
  t.same(forRestore({ time: '2026-11-21T06:00:00+01:00', confirm }), {
    time: Date.UTC(2026, 10, 21, 5),
  });
  t.end();
});

t.test('what is missing or wrong is named with what would be right', (t) => {
  const cases: readonly (readonly [JsonValue, RegExp])[] = [
    [{}, /^confirm is required; it takes the word "restore"/],
    [{ sequence: 41 }, /^confirm is required/],
    [{ sequence: 41, confirm: 'yes' }, /^confirm takes the word "restore"/],
    [{ sequence: 41, confirm: true }, /^confirm takes/],
    [{ confirm }, /^time or sequence is required: GET \/scim\/admin\/backup\/restore-points/],
    [{ time: '2026-11-21T06:00:00Z', sequence: 41, confirm }, /^give time or sequence, not both/],
    [{ time: 'yesterday', confirm }, /^time takes a time with its offset/],
    [{ time: '2026-11-21T06:00:00', confirm }, /^time takes a time with its offset/],
    [{ time: 5, confirm }, /^time takes/],
    [{ sequence: -1, confirm }, /^sequence takes a commit sequence/],
    [{ sequence: 1.5, confirm }, /^sequence takes/],
    [{ sequence: '41', confirm }, /^sequence takes/],
    [{ sequence: 41, confirm, force: true }, /"force" is no field of a restore; .*confirm/],
    [[], /^the body takes a JSON object, not array/],
    ['restore', /^the body takes a JSON object, not string/],
  ];
  for (const [body, message] of cases) {
    t.match(
      failureOf(() => forRestore(body)),
      { status: 400, message },
      JSON.stringify(body),
    );
  }
  t.end();
});
