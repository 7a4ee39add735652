/** An index is used when it is complete. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('an index that is still being built answers nothing, and the plan says so', (t) => {
  const { found, plan } = planned(t, (path) => path !== 'emails.value');
  const filter = 'emails.value eq "n20@work.example"';
  t.equal(found('User', filter), undefined);
  const { answeredBy, notUsed } = plan('User', filter);
  t.equal(answeredBy, 'filter worker');
  t.match(notUsed, [/the index of emails.value is not complete yet/]);
  t.equal(found('User', 'title eq "even"')?.length, 30, 'another one is complete');
  t.end();
});

t.test('a text as long as a cut key is not looked for by its key', (t) => {
  const { found, plan } = planned(t);
  const long = 'x'.repeat(300);
  t.equal(found('User', `title eq "${long}"`), undefined);
  t.match(plan('User', `title sw "${long}"`).access, { kind: 'all resources' });
  t.strictSame(found('User', `title sw "${'x'.repeat(200)}"`), []);
  t.end();
});
