import t from 'tap';
import type { FilterNode } from './ast.ts';
import { printFilter } from './print.ts';
import { parse } from './test/fixtures.ts';

/** Every operator with its operands in parentheses: shows how a filter was grouped. */
function grouping(node: FilterNode): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return `{${node.nodes.map(grouping).join(` ${node.kind} `)}}`;
    case 'not':
      return `not ${grouping(node.node)}`;
    case 'valuePath':
      return `${node.path.text}[${grouping(node.filter)}]`;
    default:
      return printFilter(node);
  }
}

t.test('a comparison keeps its path, value and their offsets', (t) => {
  t.same(parse('  userName Eq "john"'), {
    kind: 'compare',
    path: { text: 'userName', at: 2 },
    operator: 'eq',
    value: 'john',
    valueAt: 14,
  });
  t.end();
});

t.test('and binds tighter than or, not tighter than both, parentheses tightest', (t) => {
  const cases = [
    ['a pr or b pr and c pr', '{a pr or {b pr and c pr}}'],
    ['a pr and b pr or c pr', '{{a pr and b pr} or c pr}'],
    ['(a pr or b pr) and c pr', '{{a pr or b pr} and c pr}'],
    ['not (a pr) and b pr', '{not a pr and b pr}'],
    ['NOT(a pr or b pr)Or c pr', '{not {a pr or b pr} or c pr}'],
    ['a pr AND b pr aNd c pr', '{a pr and b pr and c pr}'],
    ['((a pr))', 'a pr'],
    ['not (not (a pr))', 'not not a pr'],
    ['e[a pr or b pr and not (c pr)]', 'e[{a pr or {b pr and not c pr}}]'],
  ] as const;
  for (const [text, expected] of cases) t.equal(grouping(parse(text)), expected, text);
  t.end();
});

t.test('the examples of RFC 7644 figure 2 parse', (t) => {
  const examples = [
    'userName eq "bjensen"',
    'name.familyName co "O\'Malley"',
    'userName sw "J"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"',
    'title pr',
    'meta.lastModified gt "2011-05-13T04:42:34Z"',
    'title pr and userType eq "Employee"',
    'title pr or userType eq "Intern"',
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
    'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
    'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
    'userType eq "Employee" and (emails.type eq "work")',
    'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
    'emails[type eq "work" and value co "@example.com"] or ' +
      'ims[type eq "xmpp" and value co "@foo.com"]',
  ];
  for (const example of examples) {
    t.doesNotThrow(() => parse(example), example);
  }
  t.end();
});

t.test('values are JSON literals; true, false and null in any case', (t) => {
  const cases = [
    ['""', ''],
    [String.raw`"a\"b\\c\/\b\f\n\r\t\u00e9\ud83d\ude00"`, 'a"b\\c/\b\f\n\r\té😀'],
    ['"å€😀 (not] \'a)"', "å€😀 (not] 'a)"],
    ['0', 0],
    ['-0', 0],
    ['-12.5e+1', -125],
    ['true', true],
    ['False', false],
    ['NULL', null],
  ] as const;
  for (const [text, value] of cases) {
    t.same(parse(`a eq ${text}`), {
      kind: 'compare',
      path: { text: 'a', at: 0 },
      operator: 'eq',
      value,
      valueAt: 5,
    });
  }
  t.end();
});

t.test('URN-prefixed paths keep their colons and dots', (t) => {
  const path = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value';
  t.match(parse(`${path} eq "x"`), { path: { text: path, at: 0 } });
  t.match(parse(`${path}[value eq "x"]`), { kind: 'valuePath', path: { text: path, at: 0 } });
  t.match(parse('members.$ref pr'), { path: { text: 'members.$ref' } });
  t.end();
});

t.test("Entra's sub-attribute behind a bracket moves into the bracket", (t) => {
  const cases = [
    ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
    ['emails[type eq "work"].value pr', 'emails[type eq "work" and value pr]'],
    ['e[a pr and b pr].c co "x"', 'e[a pr and b pr and c co "x"]'],
    ['e[a pr or b pr].c co "x"', 'e[(a pr or b pr) and c co "x"]'],
    ['e[a pr].c pr and f pr', 'e[a pr and c pr] and f pr'],
  ] as const;
  for (const [text, expected] of cases) t.equal(printFilter(parse(text)), expected, text);
  t.match(parse('e[a pr].c eq "x"'), {
    filter: { nodes: [{}, { path: { text: 'c', at: 8 }, valueAt: 13 }] },
  });
  t.end();
});
