import t from 'tap';
import { splitNames } from './attribute-list.ts';

t.test('names stand between commas, but for those in brackets', (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    [' , ,', []],
    ['userName', ['userName']],
    [' userName , name.givenName,,emails', ['userName', 'name.givenName', 'emails']],
    ['emails[type eq "a,b"],name', ['emails[type eq "a,b"]', 'name']],
    ['emails[type eq "],\\","].value,id', ['emails[type eq "],\\","].value', 'id']],
    ['a[b pr],c[d pr]', ['a[b pr]', 'c[d pr]']],
    ['a[b pr,c', ['a[b pr,c']],
    ['a"b,c[d pr]', ['a"b', 'c[d pr]']],
  ];
  for (const [text, names] of cases) t.same(splitNames(text), names, text);
  t.end();
});
