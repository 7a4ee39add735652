/** Alternatives are found together. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('each alternative by its own index, each resource once, in one order', (t) => {
  const { found, plan } = planned(t);
  const filter = 'userName eq "name50@example.com" or id eq "u12" or id eq "u50" or id eq "none"';
  t.strictSame(found('User', filter), ['u12', 'u50']);
  t.match(plan('User', filter), {
    answeredBy: 'main thread',
    access: { kind: 'union', of: 4, parts: [{ index: 'unique name' }, { index: 'id' }] },
    verified: {},
  });
  t.end();
});

t.test('an alternative that is verified makes the whole be verified', (t) => {
  const { found, plan } = planned(t);
  const filter = '(id eq "u10" and active eq false) or (id eq "u12" and active eq false)';
  t.strictSame(found('User', filter), ['u12']);
  t.match(plan('User', filter), {
    access: { kind: 'union', candidates: 2 },
    verified: { filter: 'id eq "u10" and active eq false or id eq "u12" and active eq false' },
  });
  t.end();
});

t.test('hundreds of ids are hundreds of look-ups', (t) => {
  const { found, plan } = planned(t);
  const filter = Array.from({ length: 400 }, (_, n) => `id eq "u${n + 60}"`).join(' or ');
  t.equal(found('User', filter)?.length, 10);
  t.match(plan('User', filter).access, { kind: 'union', of: 400, candidates: 10 });
  t.end();
});

t.test('one alternative without an index makes all resources candidates', (t) => {
  const { found, plan } = planned(t);
  const filter = 'id eq "u10" or displayName eq "x"';
  t.equal(found('User', filter), undefined);
  t.match(plan('User', filter), {
    answeredBy: 'filter worker',
    access: { kind: 'all resources', candidates: 60 },
    notUsed: ['no index answers a part of the filter'],
  });
  t.end();
});
