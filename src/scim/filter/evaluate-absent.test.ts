import fc from 'fast-check';
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import { compileElementFilter } from './evaluate.ts';
import { attributeOf, parse, userAttribute, userMatches } from './test/fixtures.ts';

t.test('no comparison holds of an absent attribute; its negation does', (t) => {
  for (const operator of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']) {
    const filter = `nickName ${operator} "x"`;
    t.equal(userMatches(filter), false, filter);
    t.equal(userMatches(`not (${filter})`), true, `not (${filter})`);
  }
  t.equal(userMatches('active ne true', {}), false, 'nor of an absent boolean');
  t.equal(
    userMatches('emails.display ne "x"'),
    false,
    'nor where no element has the sub-attribute',
  );
  t.equal(userMatches('meta.created ne "2011-05-13T04:42:34Z"', {}), false);
  t.end();
});

t.test('eq null is "not present", ne null is "present"', (t) => {
  const cases = {
    nickName: false,
    userName: true,
    emails: true,
    'emails.display': false,
    roles: false,
  };
  for (const [path, isThere] of Object.entries(cases)) {
    t.equal(userMatches(`${path} pr`), isThere, `${path} pr`);
    t.equal(userMatches(`${path} ne null`), isThere, `${path} ne null`);
    t.equal(userMatches(`${path} eq null`), !isThere, `${path} eq null`);
  }
  t.equal(userMatches('name eq null'), false, 'a complex attribute needs no sub-attribute');
  t.equal(userMatches('emails[display eq null]'), true, 'of an element');
  t.end();
});

t.test('what is null or empty is not present', (t) => {
  const absent: readonly JsonObject[] = [
    {},
    { name: null },
    { name: {} },
    { name: { givenName: '' } },
    { name: { givenName: null, familyName: '' } },
  ];
  for (const user of absent) t.equal(userMatches('name pr', user), false, JSON.stringify(user));
  t.equal(userMatches('name pr', { name: { givenName: 'B' } }), true);
  t.equal(userMatches('emails pr', { emails: [{}, { value: '' }] }), false);
  t.equal(userMatches('emails pr', { emails: [{}, { value: 'x' }] }), true);
  t.equal(userMatches('emails.value pr', { emails: [{ type: 'work' }] }), false);
  t.equal(userMatches('title pr'), false, 'an empty text');
  t.equal(userMatches('active pr', { active: false }), true, 'false is a value');
  t.end();
});

t.test('an absent primary is compared as false, yet is not present', (t) => {
  const user = { emails: [{ value: 'a', primary: true }, { value: 'b' }] };
  t.equal(userMatches('emails[value eq "b" and primary eq false]', user), true);
  t.equal(userMatches('emails[value eq "a" and primary eq false]', user), false);
  t.equal(userMatches('emails.primary ne true', user), true);
  t.equal(userMatches('emails[value eq "b" and primary pr]', user), false);
  t.equal(userMatches('emails.primary eq false', {}), false, 'without elements there is none');
  t.end();
});

t.test('value is the element itself of a simple multi-valued attribute', (t) => {
  const tags = attributeOf({ name: 'tags', multiValued: true });
  const isRed = compileElementFilter(parse('value eq "RED" or value sw "b"'), tags);
  t.same(['red', 'blue', 'green'].filter(isRed), ['red', 'blue']);
  t.same(['', 'x'].filter(compileElementFilter(parse('value pr'), tags)), ['x']);
  t.end();
});

t.test('an element filter tests elements of a complex attribute', (t) => {
  const emails = userAttribute('emails');
  const isWork = compileElementFilter(parse('TYPE eq "Work" and not (primary eq "True")'), emails);
  t.same([{ type: 'work' }, { type: 'work', primary: true }, { type: 'home' }].map(isWork), [
    true,
    false,
    false,
  ]);
  t.end();
});

t.test('whatever the data look like, evaluation throws nothing', (t) => {
  const paths = [
    'userName',
    'name.givenName',
    'emails',
    'emails.type',
    'emails[type eq "x"].value',
  ];
  const filters = fc.constantFrom(
    ...paths.flatMap((path) => [`${path} pr`, `${path} co "x"`, `not (${path} eq null)`]),
    'meta.created gt "2011-05-13T04:42:34Z" or active eq true',
  );
  const names = ['userName', 'name', 'givenName', 'emails', 'value', 'type', 'meta', 'created'];
  const keys = fc.constantFrom(...names, 'active');
  const { user: users } = fc.letrec<{ user: JsonObject; value: JsonValue }>((tie) => ({
    user: fc.dictionary(keys, tie('value'), { noNullPrototype: true }),
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false, 0, '', 'x', 'X', '2011-05-13T04:42:34Z'),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('user'),
    ),
  }));
  fc.assert(
    fc.property(filters, users, (filter, user) => {
      const answer: unknown = userMatches(filter, user);
      return typeof answer === 'boolean';
    }),
  );
  t.end();
});
