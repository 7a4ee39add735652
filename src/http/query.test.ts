import fc from 'fast-check';
import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { attributeList, pageOf, parseQuery } from './query.ts';

const LIMITS = { pageSizeDefault: 100, pageSizeMax: 1000 };

t.test('plus and percent decode as identity providers write them', (t) => {
  const query = parseQuery('filter=userName+eq+"a%2Bb%40c.d"&x=%C3%A5%E2%82%AC%F0%9F%98%80');
  t.equal(query.get('filter'), 'userName eq "a+b@c.d"');
  t.equal(query.get('x'), 'å€😀');
  t.end();
});

t.test('names without value, empty pairs, values with an equals sign', (t) => {
  const query = parseQuery('a&&b=&c=d=e&');
  t.same(
    [...query],
    [
      ['a', ''],
      ['b', ''],
      ['c', 'd=e'],
    ],
  );
  t.equal(parseQuery('').size, 0);
  t.end();
});

t.test('escapes that are no UTF-8 are refused', (t) => {
  for (const text of ['a=%', 'a=%zz', 'a=%c3', 'a=%ff', '%e2%82=1', 'a=%ed%a0%80']) {
    t.match(
      failureOf(() => parseQuery(text)),
      { status: 400, scimType: 'invalidValue' },
      text,
    );
  }
  t.end();
});

t.test('a parameter given twice is in doubt; lists are joined', (t) => {
  t.match(
    failureOf(() => parseQuery('filter=a&filter=b')),
    { status: 400, message: /"filter"/ },
  );
  const query = parseQuery('attributes=a,b&attributes=c');
  t.same(attributeList(query, 'attributes'), ['a', 'b', 'c']);
  t.end();
});

t.test('attribute lists are trimmed; one that names nothing is none', (t) => {
  t.same(attributeList(parseQuery('attributes=+a+,,b%2Ec,'), 'attributes'), ['a', 'b.c']);
  t.equal(attributeList(parseQuery('attributes='), 'attributes'), undefined);
  t.equal(attributeList(parseQuery('attributes=,'), 'attributes'), undefined);
  t.equal(attributeList(parseQuery(''), 'excludedAttributes'), undefined);
  t.end();
});

t.test('startIndex and count follow RFC 7644 §3.4.2.4', (t) => {
  const cases = [
    ['', 1, 100],
    ['startIndex=0&count=0', 1, 0],
    ['startIndex=-5&count=-1', 1, 0],
    ['startIndex=7&count=1001', 7, 1000],
    [
      'startIndex=99999999999999999999999&count=99999999999999999999999',
      Number.MAX_SAFE_INTEGER,
      1000,
    ],
    [`startIndex=${'9'.repeat(400)}`, Number.MAX_SAFE_INTEGER, 100],
  ] as const;
  for (const [text, startIndex, count] of cases) {
    t.same(pageOf(parseQuery(text), LIMITS), { startIndex, count }, text);
  }
  t.end();
});

t.test('what is no whole number is refused by name', (t) => {
  for (const text of [
    'count=abc',
    'count=',
    'count=1.5',
    'count=1e3',
    'count=0x10',
    'count=%201',
  ]) {
    const failure = { status: 400, scimType: 'invalidValue', message: /^count takes/ };
    t.match(
      failureOf(() => pageOf(parseQuery(text), LIMITS)),
      failure,
      text,
    );
  }
  t.match(
    failureOf(() => pageOf(parseQuery('startIndex=one%0Atwo'), LIMITS)),
    {
      message: /^startIndex[^\n]+$/,
    },
  );
  t.end();
});

t.test('property: what encodeURIComponent writes is read back', (t) => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, (value) => {
      t.equal(parseQuery(`a=${encodeURIComponent(value)}`).get('a'), value);
    }),
  );
  t.end();
});

t.test('property: a query never fails with anything but 400', (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        pageOf(parseQuery(text), LIMITS);
      } catch (error) {
        t.match(error, { status: 400 });
      }
    }),
  );
  t.end();
});
