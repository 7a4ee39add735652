import t from 'tap';
import { whoInBody, whoInQuery } from './who.ts';

const LENGTH = 200;

t.test('whom a look-up is about', (t) => {
  t.equal(whoInQuery('count=1&filter=userName+eq+%22ada%22', LENGTH), 'ada');
  const byMail = 'emails[type eq "work"].value eq "a@b.c"';
  t.equal(whoInBody({ filter: byMail }, LENGTH), 'a@b.c');
  t.equal(whoInQuery(`filter=${encodeURIComponent(byMail)}`, LENGTH), 'a@b.c');
  t.equal(whoInBody({ displayName: 'Ada' }, LENGTH), 'Ada');
  t.equal(whoInQuery('filter=%zz', LENGTH), undefined);
  t.end();
});

t.test('a filter that is too long is not looked into', (t) => {
  const filter = `${'emails['.repeat(LENGTH / 7)} or userName eq "ada"`;
  t.equal(whoInBody({ filter }, LENGTH), undefined);
  t.equal(whoInQuery(`filter=${encodeURIComponent(filter)}`, LENGTH), undefined);
  t.equal(whoInBody({ filter }, filter.length), 'ada');
  t.end();
});
