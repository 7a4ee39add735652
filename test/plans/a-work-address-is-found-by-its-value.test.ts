/** A work address is found by its value. */
import t from 'tap';
import { planned } from './planned.ts';

const probesOf = (key: string) => ({
  kind: 'union',
  parts: [
    { kind: 'probe', index: 'emails.value', key },
    { kind: 'probe', index: 'unique name', key },
  ],
  candidates: 1,
});

t.test('the value is probed, the whole of the brackets is verified on what it finds', (t) => {
  const { found, plan } = planned(t);
  const filter = 'emails[type eq "work" and value eq "N20@Work.Example"]';
  t.strictSame(found('User', filter), ['u20']);
  t.match(plan('User', filter), {
    answeredBy: 'main thread',
    access: probesOf('n20@work.example'),
    verified: { filter },
  });
  t.strictSame(found('User', 'emails[type eq "work" and value eq "n20@home.example"]'), []);
  t.strictSame(found('User', 'emails[type eq "home"].value eq "n20@home.example"'), ['u20']);
  t.match(plan('User', 'emails.value eq "n20@home.example"').access, probesOf('n20@home.example'));
  t.end();
});

t.test('an address that is the name has its key there alone', (t) => {
  const { found, plan } = planned(t);
  const filter = 'emails[type eq "other" and value eq "name20@Example.com"]';
  t.strictSame(found('User', filter), ['u20']);
  t.match(plan('User', filter).access, probesOf('name20@example.com'));
  t.strictSame(found('User', 'emails[type eq "work" and value eq "name20@example.com"]'), []);
  t.end();
});
