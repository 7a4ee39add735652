/** The ListResponse message of RFC 7644 §3.4.2. */
import t from 'tap';
import { listText } from './list.ts';

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
