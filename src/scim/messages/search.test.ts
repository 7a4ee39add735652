/** SearchRequest, RFC 7644 §3.4.3. What is wrong with one is tested over HTTP. */
import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { parseSearchRequest, SEARCH_REQUEST_SCHEMA } from './search.ts';

const NONE = {
  filter: undefined,
  sort: undefined,
  startIndex: undefined,
  count: undefined,
  cursor: undefined,
  attributes: undefined,
  excludedAttributes: undefined,
};

t.test('the example of RFC 7644 §3.4.3', (t) => {
  t.strictSame(
    parseSearchRequest({
      schemas: [SEARCH_REQUEST_SCHEMA],
      attributes: ['displayName', 'userName'],
      filter: 'displayName sw "smith"',
      startIndex: 1,
      count: 10,
    }),
    {
      ...NONE,
      attributes: ['displayName', 'userName'],
      filter: 'displayName sw "smith"',
      startIndex: 1,
      count: 10,
    },
  );
  t.end();
});

t.test('the example of RFC 9865 §3 has an empty cursor, which is one', (t) => {
  const request = parseSearchRequest({ filter: 'displayName sw "smith"', cursor: '', count: 10 });
  t.equal(request.cursor, '');
  t.equal(parseSearchRequest({ cursor: null }).cursor, undefined);
  t.end();
});

t.test('a sort has a direction; without an attribute it is none', (t) => {
  t.strictSame(parseSearchRequest({ sortBy: 'title' }).sort, { by: 'title', descending: false });
  t.strictSame(parseSearchRequest({ sortBy: 'title', sortOrder: 'DESCENDING' }).sort, {
    by: 'title',
    descending: true,
  });
  t.equal(parseSearchRequest({ sortBy: '', sortOrder: 'descending' }).sort, undefined);
  t.end();
});

t.test('property: any JSON is a search or a 400 of one line', (t) => {
  const name = fc.constantFrom('schemas', 'filter', 'sortBy', 'sortOrder', 'count', 'cursor', 'x');
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue()));
  fc.assert(
    fc.property(body, (value) => {
      try {
        parseSearchRequest(value as JsonValue);
      } catch (error) {
        if (!(error instanceof ScimError)) throw error;
        t.match(error, { status: 400, message: /^[^\n]+$/ });
      }
    }),
    { numRuns: 200 },
  );
  t.pass('none fails otherwise');
  t.end();
});
