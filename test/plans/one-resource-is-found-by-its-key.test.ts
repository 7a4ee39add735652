/** One resource is found by its key. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('an id and a name are looked up, and the rest is evaluated on the one they find', (t) => {
  const { found, plan } = planned(t);
  t.strictSame(found('User', 'id eq "u17"'), ['u17']);
  t.match(plan('User', 'id eq "u17"'), {
    answeredBy: 'main thread',
    access: { kind: 'probe', index: 'id', key: 'u17', candidates: 1 },
    verified: {},
  });
  const filter = 'active eq false and userName eq "NAME12@example.com"';
  t.strictSame(found('User', filter), ['u12']);
  t.match(plan('User', filter), {
    access: { kind: 'probe', index: 'unique name', key: 'name12@example.com', candidates: 1 },
    verified: { filter: 'active eq false' },
  });
  t.strictSame(found('User', 'userName eq "name13@example.com" and active eq false'), []);
  t.end();
});
