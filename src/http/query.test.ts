import fc from 'fast-check';
import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { attributeList, pageOf, parseQuery, searchParameters } from './query.ts';

const LIMITS = { pageSizeDefault: 100, pageSizeMax: 1000 };

function page(text: string): ReturnType<typeof pageOf> {
  return pageOf(searchParameters(parseQuery(text)), LIMITS);
}

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
    t.same(page(text), { startIndex, count }, text);
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
      failureOf(() => page(text)),
      failure,
      text,
    );
  }
  t.match(
    failureOf(() => page('startIndex=one%0Atwo')),
    {
      message: /^startIndex[^\n]+$/,
    },
  );
  t.end();
});

t.test('a query is what its parameters say, and no more', (t) => {
  const none = {
    filter: undefined,
    sort: undefined,
    startIndex: undefined,
    count: undefined,
    cursor: undefined,
    attributes: undefined,
    excludedAttributes: undefined,
  };
  t.same(searchParameters(parseQuery('')), none);
  t.same(searchParameters(parseQuery('sortOrder=descending&sortby=x&unknown=1')), none);
  t.same(searchParameters(parseQuery('filter=a+pr&sortBy=a.b&sortOrder=Descending&cursor')), {
    ...none,
    filter: 'a pr',
    sort: { by: 'a.b', descending: true },
    cursor: '',
  });
  t.match(
    failureOf(() => searchParameters(parseQuery('sortBy=a&sortOrder=up%0A'))),
    { status: 400, scimType: 'invalidValue', message: /^sortOrder takes[^\n]+$/ },
  );
  t.end();
});

t.test('beside a cursor a bad count is invalidCount, and an index is one paging too many', (t) => {
  t.match(
    failureOf(() => page('cursor&count=ten')),
    { status: 400, scimType: 'invalidCount', message: /^count takes/ },
  );
  t.match(
    failureOf(() => page('cursor=x&startIndex=1')),
    { status: 400, scimType: 'invalidValue', message: /startIndex or cursor/ },
  );
  t.same(page('cursor&count=-3'), { startIndex: 1, count: 0 });
  t.same(page('cursor=x'), { startIndex: 1, count: 100 });
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
        page(text);
      } catch (error) {
        t.match(error, { status: 400 });
      }
    }),
  );
  t.end();
});
