/** A beginning is a stretch of an index. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('a beginning is found, counted and put in order without a look at a document', (t) => {
  const { found, plan } = planned(t);
  const twenties = Array.from({ length: 10 }, (_, n) => `u${n + 20}`);
  t.strictSame(found('User', 'userName sw "Name2"'), twenties);
  t.match(plan('User', 'userName sw "Name2"'), {
    answeredBy: 'main thread',
    access: { kind: 'range', index: 'unique name', from: 'name2', before: 'name3', candidates: 10 },
    verified: {},
  });
  t.strictSame(found('User', 'emails.value sw "n2"'), twenties, 'with two values each');
  t.match(plan('User', 'emails.value sw "n2"').access, {
    kind: 'union',
    parts: [
      { index: 'emails.value', from: 'n2' },
      { index: 'unique name', from: 'n2' },
    ],
    candidates: 10,
  });
  t.strictSame(found('User', 'emails.value sw "NAME2"'), twenties, 'addresses that are names');
  t.end();
});

t.test('two bounds of one attribute are one stretch', (t) => {
  const { found, plan } = planned(t);
  const filter = 'externalId ge "E3" and active eq false and externalId lt "E4"';
  t.strictSame(found('User', filter), ['u30', 'u33', 'u36', 'u39']);
  t.match(plan('User', filter), {
    access: { kind: 'range', index: 'externalId', from: 'E3', before: 'E4', candidates: 10 },
    verified: { filter: 'active eq false' },
  });
  t.end();
});
