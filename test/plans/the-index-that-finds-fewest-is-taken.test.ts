/** The index that finds fewest is taken. */
import t from 'tap';
import { planned } from './planned.ts';

t.test('indexes are asked how much they find, and the others evaluated', (t) => {
  const { found, plan } = planned(t);
  const filter = 'title eq "even" and externalId eq "E4" and userName sw "name41"';
  t.strictSame(found('User', filter), []);
  const { access, verified, notUsed } = plan('User', filter);
  t.match(access, { kind: 'range', index: 'unique name', candidates: 1 });
  t.strictSame(verified, { filter: 'title eq "even" and externalId eq "E4"' });
  t.equal(notUsed.length, 2);
  t.match(notUsed[0], /"externalId".* finds 10 candidates, another index fewer/);
  t.end();
});

t.test('an index that finds too many gives way to one that does not', (t) => {
  const { found, plan } = planned(t);
  const filter = 'meta.lastModified gt "2001-01-01T00:00:00Z" and emails.value sw "n3"';
  t.equal(found('User', filter)?.length, 10);
  const { access, notUsed } = plan('User', filter);
  t.match(access, { kind: 'union', parts: [{ index: 'emails.value' }, {}], candidates: 10 });
  t.match(notUsed.join(), /meta.lastModified.* finds more than 40 candidates/);
  t.end();
});
