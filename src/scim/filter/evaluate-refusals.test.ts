import t from 'tap';
import { compileElementFilter, compileFilter } from './evaluate.ts';
import { ENTERPRISE, USER, attributeOf, parse, refusalOf, userAttribute } from './test/fixtures.ts';

t.test('a filter that does not suit the resource type is 400 invalidFilter saying why', (t) => {
  const cases = [
    ['shoeSize eq 43', 'User has no attribute "shoeSize" at position 1'],
    ['active eq true and name.nick pr', 'User has no attribute "name.nick" at position 20'],
    ['urn:example:User:x pr', 'User has no attribute "urn:example:User:x" at position 1'],
    [`${ENTERPRISE}:x pr`, /^filter: User has no attribute "urn:ietf:.*" at position 1$/],
    ['members eq "x"', 'User has no attribute "members" at position 1'],
    ['__proto__ pr', /expected an attribute name/],
    ['constructor pr', 'User has no attribute "constructor" at position 1'],
    [
      'emails[kind eq "x"]',
      'emails has no sub-attribute "kind" (it has value, display, type, primary) at position 8',
    ],
    [
      'emails[emails.type eq "x"]',
      'emails has no sub-attribute "emails.type" (it has value, display, type, primary) at position 8',
    ],
    ['schemas[type eq "x"]', 'schemas has no sub-attribute "type" (it has value) at position 9'],
    ['password eq "secret"', 'password is never returned and cannot be filtered by at position 1'],
    ['password pr', 'password is never returned and cannot be filtered by at position 1'],
    [
      'active gt true',
      '"gt" does not suit active, whose type is boolean (it takes eq, ne, pr), at position 1',
    ],
    [
      'active le "x"',
      '"le" does not suit active, whose type is boolean (it takes eq, ne, pr), at position 1',
    ],
    [
      'active co "tr"',
      '"co" does not suit active, whose type is boolean (it takes eq, ne, pr), at position 1',
    ],
    [
      'active eq "yes"',
      'active is of type boolean: expected true or false but found "yes" at position 11',
    ],
    [
      'active eq 1',
      'active is of type boolean: expected true or false but found "1" at position 11',
    ],
    [
      'x509Certificates gt "x"',
      '"gt" does not suit x509Certificates.value, whose type is binary (it takes eq, ne, co, sw, ew, pr), at position 1',
    ],
    [
      'userName eq 5',
      'userName is of type string: expected text in double quotes but found "5" at position 13',
    ],
    [
      'name.givenName co true',
      'name.givenName is of type string: expected text in double quotes but found "true" at position 19',
    ],
    [
      'meta.created gt "2011-05-13"',
      'meta.created is a dateTime: expected one like "2011-05-13T04:42:34Z" ' +
        'but found "2011-05-13" at position 17',
    ],
    [
      'meta.created eq 2011',
      'meta.created is of type dateTime: expected text in double quotes but found "2011" at position 17',
    ],
    [
      'name eq "x"',
      /^filter: name is complex: .* \(formatted, familyName, .*\) instead at position 1$/,
    ],
    ['addresses co "x"', /^filter: addresses is complex: compare one of its sub-attributes \(/],
    ['userName gt null', '"gt" does not suit null, only eq and ne do, at position 13'],
    ['userName[value eq "x"]', 'userName has one simple value and takes no brackets at position 1'],
    [
      `${ENTERPRISE} eq "x"`,
      `${ENTERPRISE} is a whole schema: add ":" and an attribute of it at position 1`,
    ],
    [
      `${ENTERPRISE}[x pr]`,
      `${ENTERPRISE} is a whole schema: add ":" and an attribute of it at position 1`,
    ],
  ] as const;
  for (const [text, expected] of cases) {
    const { status, scimType, message } = refusalOf(() => compileFilter(parse(text), USER));
    t.same({ status, scimType }, { status: 400, scimType: 'invalidFilter' }, text);
    if (typeof expected === 'string') t.equal(message, `filter: ${expected}`);
    else t.match(message, expected);
  }
  t.end();
});

t.test('a fault anywhere in the filter is found, whatever the data would decide', (t) => {
  for (const text of ['id pr or x pr', 'not (x pr)', 'id pr and (id pr or emails[x pr])']) {
    t.match(refusalOf(() => compileFilter(parse(text), USER)).message, /"x"/, text);
  }
  t.end();
});

t.test('numbers take numbers and no substring operators', (t) => {
  const size = attributeOf({ name: 'size', type: 'decimal', multiValued: true });
  const refused = (text: string): string =>
    refusalOf(() => compileElementFilter(parse(text), size)).message;
  t.equal(
    refused('value eq "5"'),
    'filter: size is of type decimal: expected a number but found "5" at position 10',
  );
  t.equal(
    refused('value sw 5'),
    'filter: "sw" does not suit size, whose type is decimal (it takes eq, ne, gt, ge, lt, le, pr), at position 1',
  );
  t.end();
});

t.test('an element filter names the attribute it is for', (t) => {
  const { message } = refusalOf(() => compileElementFilter(parse('x pr'), userAttribute('emails')));
  t.equal(
    message,
    'filter: emails has no sub-attribute "x" (it has value, display, type, primary) at position 1',
  );
  t.end();
});
