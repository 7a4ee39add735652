/** RFC 7644 §3.4.3: querying with POST. */
import type { JsonObject } from '../../../src/scim/json.ts';
import type { Answer } from '../answer.ts';
import { plain } from '../described.ts';
import type { RowContext } from '../row-context.ts';
import { LIST_RESPONSE, SEARCH_REQUEST } from '../row-context.ts';
import { must, section } from '../row.ts';

async function search(c: RowContext, path: string, query: JsonObject): Promise<Answer> {
  c.needs('filter');
  const answer = await c.post(`${path}/.search`, { schemas: [SEARCH_REQUEST], ...query });
  if (answer.status === 501) c.notApplicable('.search answers 501');
  return answer;
}

/** Users whose titles are these, and a filter that finds only them. */
async function titled(c: RowContext, titles: readonly string[]): Promise<string> {
  const prefix = c.unique('search');
  for (const [index, title] of titles.entries()) {
    await c.user({ userName: `${prefix}-${index}`, title, displayName: 'd' });
  }
  return `userName sw "${prefix}"`;
}

const titlesOf = (answer: Answer): string => answer.resources.map((r) => plain(r['title'])).join();

export const SEARCH_ROWS = section('7644', '3.4.3', 'Querying Resources Using HTTP POST', [
  must('users', 'A POST to /Users/.search is a query of users.', async (c) => {
    const filter = await titled(c, ['a', 'b']);
    const list = (await search(c, '/Users', { filter })).is(200);
    list.equals([LIST_RESPONSE], 'schemas').equals(2, 'totalResults');
  }),
  must('not-created', 'A search creates nothing: it answers 200, not 201.', async (c) => {
    const list = await search(c, '/Users', { filter: `userName eq "${c.unique()}"` });
    list.is(200).equals(0, 'totalResults');
  }),
  must('root', 'A POST to /.search is a query of all types.', async (c) => {
    const externalId = c.unique('ext');
    const user = await c.user({ externalId });
    const group = await c.group({ externalId });
    const list = (await search(c, '', { filter: `externalId eq "${externalId}"` })).is(200);
    list.equals(2, 'totalResults');
    list.expect(list.ids.includes(user.id) && list.ids.includes(group.id), 'user and group');
  }),
  must('own-type', 'A type of its own is searched like users.', async (c) => {
    const [type, body] = c.ownType();
    const { id } = (await c.post(type.endpoint, body)).is(201);
    const list = await search(c, type.endpoint, { filter: `id eq "${id}"` });
    list.is(200).equals(1, 'totalResults').equals(id, 'Resources', 0, 'id');
  }),
  must('schemas', 'A search is identified by the SearchRequest URN.', async (c) => {
    c.needs('filter');
    const answer = await c.post('/Users/.search', { schemas: [], count: 1 });
    if (answer.status === 501) c.notApplicable('.search answers 501');
    answer.isError(400, 'invalidSyntax', 'invalidValue');
  }),
  must('attributes', 'attributes is an array and chooses what is returned.', async (c) => {
    const filter = await titled(c, ['a']);
    const list = (await search(c, '/Users', { filter, attributes: ['title'] })).is(200);
    list.equals('a', 'Resources', 0, 'title').has('Resources', 0, 'id');
    list.lacks('Resources', 0, 'displayName');
  }),
  must('excluded', 'excludedAttributes is an array and leaves these out.', async (c) => {
    const filter = await titled(c, ['a']);
    const list = (await search(c, '/Users', { filter, excludedAttributes: ['title'] })).is(200);
    list.lacks('Resources', 0, 'title').equals('d', 'Resources', 0, 'displayName');
  }),
  must('excluded-always', 'What is always returned cannot be excluded.', async (c) => {
    const filter = await titled(c, ['a']);
    const list = (await search(c, '/Users', { filter, excludedAttributes: ['id'] })).is(200);
    list.has('Resources', 0, 'id');
  }),
  must('paging', 'startIndex and count choose the page.', async (c) => {
    const filter = await titled(c, ['a', 'b', 'c']);
    const list = (await search(c, '/Users', { filter, startIndex: 2, count: 1 })).is(200);
    list.equals(3, 'totalResults').equals(2, 'startIndex').equals(1, 'itemsPerPage');
  }),
  must('count-zero', 'count 0 answers totals and no resources.', async (c) => {
    const filter = await titled(c, ['a', 'b']);
    const list = (await search(c, '/Users', { filter, count: 0 })).is(200);
    list.equals(2, 'totalResults').expect(list.resources.length === 0, 'no resources');
  }),
  must('sorted', 'sortBy orders the list, ascending.', async (c) => {
    c.needs('sort');
    const filter = await titled(c, ['b', 'c', 'a']);
    const list = (await search(c, '/Users', { filter, sortBy: 'title' })).is(200);
    list.expect(titlesOf(list) === 'a,b,c', 'a,b,c', titlesOf(list));
  }),
  must('descending', 'sortOrder descending turns the order.', async (c) => {
    c.needs('sort');
    const filter = await titled(c, ['b', 'c', 'a']);
    const query = { filter, sortBy: 'title', sortOrder: 'descending' };
    const list = (await search(c, '/Users', query)).is(200);
    list.expect(titlesOf(list) === 'c,b,a', 'c,b,a', titlesOf(list));
  }),
  must('invalid-filter', 'A filter that is none is 400 invalidFilter.', async (c) => {
    (await search(c, '/Users', { filter: 'a b c d' })).isError(400, 'invalidFilter');
  }),
  must('filter-type', 'A filter is a string.', async (c) => {
    (await search(c, '/Users', { filter: 7 })).isError(400);
  }),
]);
