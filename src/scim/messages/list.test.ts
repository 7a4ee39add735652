/** The ListResponse message of RFC 7644 §3.4.2. */
import t from 'tap';
import { cursorPageHead, LIST_END, listHead, listText } from './list.ts';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];

t.test('a page says how many there are and how many it has', async (t) => {
  t.same(JSON.parse(`${listHead(7, 3, 2)}{"id":"a"},{"id":"b"}${LIST_END}`), {
    schemas,
    totalResults: 7,
    startIndex: 3,
    itemsPerPage: 2,
    Resources: [{ id: 'a' }, { id: 'b' }],
  });
});

t.test('an empty page has Resources too', async (t) => {
  t.same(JSON.parse(listText([])), {
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
    t.same(JSON.parse(`${cursorPageHead(7, cursors, 1)}{"id":"a"}${LIST_END}`), {
      schemas,
      totalResults: 7,
      itemsPerPage: 1,
      previousCursor: 'p_2',
      nextCursor: 'n-1',
      Resources: [{ id: 'a' }],
    });
    const last = { nextCursor: undefined, previousCursor: undefined };
    t.same(JSON.parse(cursorPageHead(undefined, last, 0) + LIST_END), {
      schemas,
      itemsPerPage: 0,
      Resources: [],
    });
  },
);
