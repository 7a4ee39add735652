/** What is too wide goes to a filter worker. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('a stretch that holds too many is not walked by the main thread', (t) => {
  const { found, plan } = planned(t);
  const filter = 'userName sw "name" and active eq true';
  t.equal(found('User', filter), undefined);
  const { answeredBy, access, evaluated, notUsed } = plan('User', filter);
  t.equal(answeredBy, 'filter worker');
  t.match(access, { kind: 'all resources', candidates: 60 });
  t.equal(evaluated, 'filter worker, columns');
  t.match(notUsed, [/unique name.* finds more than 40 candidates/]);
  t.end();
});

t.test('what no index answers is evaluated on all', (t) => {
  const { found, plan } = planned(t);
  for (const filter of ['userName co "x"', 'not (title eq "Even")', 'title ne "Even"']) {
    t.equal(found('User', filter), undefined, filter);
    t.match(plan('User', filter), { access: { kind: 'all resources' }, verified: { filter } });
  }
  t.end();
});
