/** The ListResponse message of RFC 7644 §3.4.2. */
import t from 'tap';
import { cursorPageText, listText } from './list.ts';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];

t.test('a page says how many there are and how many it has', async (t) => {
  t.same(JSON.parse(listText(7, 3, ['{"id":"a"}', '{"id":"b"}'])), {
    schemas,
    totalResults: 7,
    startIndex: 3,
    itemsPerPage: 2,
    Resources: [{ id: 'a' }, { id: 'b' }],
  });
});

t.test('an empty page has Resources too', async (t) => {
  t.same(JSON.parse(listText(0, 1, [])), {
    schemas,
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });
});

t.test(
  'a page of a walk by cursor names its neighbours, and a total if there is one',
  async (t) => {
    const cursors = { nextCursor: 'n-1', previousCursor: 'p_2' };
    t.same(JSON.parse(cursorPageText(7, cursors, ['{"id":"a"}'])), {
      schemas,
      totalResults: 7,
      itemsPerPage: 1,
      previousCursor: 'p_2',
      nextCursor: 'n-1',
      Resources: [{ id: 'a' }],
    });
    const last = { nextCursor: undefined, previousCursor: undefined };
    t.same(JSON.parse(cursorPageText(undefined, last, [])), {
      schemas,
      itemsPerPage: 0,
      Resources: [],
    });
  },
);
