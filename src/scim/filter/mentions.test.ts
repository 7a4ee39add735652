import t from 'tap';
import { filterMentions } from './evaluate.ts';
import { GROUP, USER, parse } from './test/fixtures.ts';

t.test('a filter mentions links or meta wherever in it they stand', (t) => {
  const cases = [
    ['userName eq "x"', false, false],
    ['groups eq "x"', true, false],
    ['userName pr or not (id pr and groups.display pr)', true, false],
    ['groups[display eq "x"]', true, false],
    ['meta.created pr', false, true],
    ['meta pr and groups pr', true, true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:META.created pr', false, true],
    ['emails[value pr]', false, false],
    ['members pr', false, false],
    ['unknown pr', false, false],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr', false, false],
  ] as const;
  for (const [text, links, meta] of cases) {
    t.same(filterMentions(parse(text), USER), { links, meta }, text);
  }
  t.end();
});

t.test("a group's members are links", (t) => {
  t.same(filterMentions(parse('members.value eq "x"'), GROUP), { links: true, meta: false });
  t.same(filterMentions(parse('displayName eq "x"'), GROUP), { links: false, meta: false });
  t.end();
});
