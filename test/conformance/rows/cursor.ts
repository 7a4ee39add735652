/** RFC 9865: paging with cursors. */
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { LIST_RESPONSE, SEARCH_REQUEST } from '../row-context.ts';
import { may, must, section, should } from '../row.ts';

/** Five users and the filter that finds them. */
async function five(c: RowContext): Promise<{ filter: string; ids: readonly string[] }> {
  c.needs('cursor');
  const prefix = c.unique('cursor');
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) {
    ids.push((await c.user({ userName: `${prefix}-${index}`, title: `t${9 - index}` })).id);
  }
  return { filter: `userName sw "${prefix}"`, ids };
}

/** All pages of a query, from an empty cursor to the page without nextCursor. */
async function walk(
  c: RowContext,
  query: Readonly<Record<string, string | number>>,
): Promise<readonly Answer[]> {
  const pages: Answer[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined && pages.length < 20) {
    const page: Answer = (await c.list('/Users', { ...query, cursor })).is(200);
    pages.push(page);
    const next = page.at('nextCursor');
    cursor = typeof next === 'string' ? next : undefined;
  }
  return pages;
}

function allIds(pages: readonly Answer[]): readonly string[] {
  return pages.flatMap(({ ids }) => ids);
}

export const CURSOR_ROWS = [
  ...section('9865', '2', 'Query Parameters and Response Attributes', [
    must('start', 'An empty cursor asks for the first page.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      page.expect(page.resources.length > 0 && page.resources.length <= 2, 'one or two users');
    }),
    must('next', 'nextCursor is there on every page but the last.', async (c) => {
      const { filter } = await five(c);
      const pages = await walk(c, { filter, count: 2 });
      for (const page of pages.slice(0, -1)) page.has('nextCursor');
      pages.at(-1)?.lacks('nextCursor');
    }),
    must('all', 'The pages together hold everything once.', async (c) => {
      const { filter, ids } = await five(c);
      const pages = await walk(c, { filter, count: 2 });
      const came = [...allIds(pages)].sort().join();
      pages.at(-1)?.expect(came === [...ids].sort().join(), 'each of five users once', came);
    }),
    must('unreserved', 'A cursor has unreserved characters of a URL only.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      const cursor = page.textAt('nextCursor');
      page.expect(/^[A-Za-z0-9._~-]+$/.test(cursor), 'unreserved characters', cursor);
    }),
    must('count', 'A page holds no more than count.', async (c) => {
      const { filter } = await five(c);
      for (const page of await walk(c, { filter, count: 2 })) {
        page.expect(page.resources.length <= 2, 'at most two users', page.resources.length);
      }
    }),
    must('count-negative', 'A negative count means 0.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: -1 })).is(200);
      page.expect(page.resources.length === 0, 'no users', page.resources.length);
    }),
    must('count-zero', 'count 0 answers no resources.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 0 })).is(200);
      page.expect(page.resources.length === 0, 'no users', page.resources.length);
    }),
    may('total', 'totalResults of a page, where it is, counts all that is found.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      if (page.at('totalResults') !== undefined) page.equals(5, 'totalResults');
    }),
    must('items-per-page', 'itemsPerPage is how many the page holds.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      page.equals(page.resources.length, 'itemsPerPage');
    }),
    must('no-previous-first', 'previousCursor is not there on the first page.', async (c) => {
      const { filter } = await five(c);
      (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200).lacks('previousCursor');
    }),
    may('previous', 'previousCursor, where it is, leads to the page before.', async (c) => {
      const { filter } = await five(c);
      const [first, second] = await walk(c, { filter, count: 2 });
      const cursor = second?.at('previousCursor');
      if (typeof cursor !== 'string') return c.notApplicable('no previousCursor is given');
      const back = (await c.list('/Users', { filter, count: 2, cursor })).is(200);
      back.expect(back.ids.join() === first?.ids.join(), 'the first page', back.ids.join());
    }),
    must('empty', 'A query that finds nothing has no nextCursor.', async (c) => {
      c.needs('cursor');
      const filter = `userName eq "${c.unique('nobody')}"`;
      const page = (await c.list('/Users', { filter, cursor: '' })).is(200).lacks('nextCursor');
      page.equals([LIST_RESPONSE], 'schemas').expect(page.resources.length === 0, 'no users');
    }),
    must('exact', 'A last page that is full has no nextCursor.', async (c) => {
      const { filter } = await five(c);
      (await c.list('/Users', { filter, cursor: '', count: 5 })).is(200).lacks('nextCursor');
    }),
    must(
      'stable-insert',
      'What is created meanwhile makes no page repeat a resource.',
      async (c) => {
        const { filter, ids } = await five(c);
        const first = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
        await c.user();
        const came = [...first.ids];
        let next = first.at('nextCursor');
        while (typeof next === 'string') {
          const page = (await c.list('/Users', { filter, cursor: next, count: 2 })).is(200);
          came.push(...page.ids);
          next = page.at('nextCursor');
        }
        first.expect(
          new Set(came).size === came.length && came.length === ids.length,
          'each once',
          came.join(),
        );
      },
    ),
    must('stable-delete', 'What is deleted meanwhile makes no page miss another.', async (c) => {
      const { filter, ids } = await five(c);
      const first = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      (await c.delete(`/Users/${first.ids[0] ?? ''}`)).is(204);
      const came = [...first.ids];
      let next = first.at('nextCursor');
      while (typeof next === 'string') {
        const page = (await c.list('/Users', { filter, cursor: next, count: 2 })).is(200);
        came.push(...page.ids);
        next = page.at('nextCursor');
      }
      first.expect([...came].sort().join() === [...ids].sort().join(), 'each once', came.join());
    }),
  ]),
  ...section('9865', '2.1', 'Pagination Errors', [
    should('invalid-cursor', 'A cursor that is none is 400 invalidCursor.', async (c) => {
      c.needs('cursor');
      (await c.get('/Users?cursor=none-of-yours&count=2')).isError(400, 'invalidCursor');
    }),
    should('changed-cursor', 'A cursor that was tampered with is 400 invalidCursor.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      const cursor = page.textAt('nextCursor');
      const middle = Math.floor(cursor.length / 2);
      const other = cursor[middle] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, middle) + other + cursor.slice(middle + 1);
      (await c.list('/Users', { filter, cursor: changed, count: 2 })).isError(400, 'invalidCursor');
    }),
    should('other-query', 'A cursor of another query is 400 invalidCursor.', async (c) => {
      const { filter } = await five(c);
      const page = (await c.list('/Users', { filter, cursor: '', count: 2 })).is(200);
      const cursor = page.textAt('nextCursor');
      const query = { filter: 'active eq true', cursor, count: 2 };
      (await c.list('/Users', query)).isError(400, 'invalidCursor');
    }),
    should('invalid-count', 'A count that is no number is 400 invalidCount.', async (c) => {
      c.needs('cursor');
      (await c.get('/Users?cursor=&count=abc')).isError(400, 'invalidCount', 'invalidValue');
    }),
  ]),
  ...section('9865', '2.2', 'Sorting', [
    may('sorted', 'Cursors keep the order of sortBy.', async (c) => {
      c.needs('sort');
      const { filter, ids } = await five(c);
      const pages = await walk(c, { filter, sortBy: 'title', count: 2 });
      const expected = [...ids].reverse().join();
      pages
        .at(-1)
        ?.expect(allIds(pages).join() === expected, 'sorted by title', allIds(pages).join());
    }),
  ]),
  ...section('9865', '2.4', 'Default Pagination Method', [
    must('default', 'Without a parameter the default method is used.', async (c) => {
      const { filter } = await five(c);
      const method = (await c.get('/ServiceProviderConfig')).at(
        'pagination',
        'defaultPaginationMethod',
      );
      const list = (await c.list('/Users', { filter, count: 2 })).is(200);
      if (method === 'cursor') list.has('nextCursor');
      else list.lacks('nextCursor');
    }),
    must('index-still', 'startIndex still asks for index paging.', async (c) => {
      const { filter } = await five(c);
      if (c.target.config['pagination'] === undefined) c.notApplicable('no pagination');
      const list = (await c.list('/Users', { filter, startIndex: 2, count: 2 })).is(200);
      list.equals(2, 'startIndex').lacks('nextCursor');
    }),
  ]),
  ...section('9865', '3', 'Querying Resources Using HTTP POST', [
    must('search', 'A search takes a cursor and answers one.', async (c) => {
      const { filter, ids } = await five(c);
      const query = { schemas: [SEARCH_REQUEST], filter, count: 3 };
      const first = (await c.post('/Users/.search', { ...query, cursor: '' })).is(200);
      const cursor = first.textAt('nextCursor');
      const second = (await c.post('/Users/.search', { ...query, cursor })).is(200);
      const came = allIds([first, second]);
      second.expect([...came].sort().join() === [...ids].sort().join(), 'five users', came.join());
    }),
    should(
      'search-invalid',
      'A search with a cursor that is none is 400 invalidCursor.',
      async (c) => {
        c.needs('cursor');
        const body = { schemas: [SEARCH_REQUEST], cursor: 'none-of-yours', count: 2 };
        (await c.post('/Users/.search', body)).isError(400, 'invalidCursor');
      },
    ),
  ]),
  ...section('9865', '4', 'Service Provider Configuration', [
    should('pagination', 'ServiceProviderConfig tells of pagination.', async (c) => {
      c.needs('cursor');
      (await c.get('/ServiceProviderConfig')).is(200).has('pagination');
    }),
    must('cursor', 'pagination says whether cursors are supported.', async (c) => {
      c.needs('cursor');
      (await c.get('/ServiceProviderConfig')).is(200).equals(true, 'pagination', 'cursor');
    }),
    must('index', 'pagination says whether indexes are supported.', async (c) => {
      c.needs('cursor');
      const answer = (await c.get('/ServiceProviderConfig')).is(200);
      answer.expect(typeof answer.at('pagination', 'index') === 'boolean', 'a boolean');
    }),
    may('values', 'What else pagination tells has the types of the RFC.', async (c) => {
      c.needs('cursor');
      const answer = (await c.get('/ServiceProviderConfig')).is(200).has('pagination');
      for (const name of ['defaultPageSize', 'maxPageSize', 'cursorTimeout']) {
        const came = answer.at('pagination', name);
        answer.expect(came === undefined || Number.isInteger(came), `an integer at ${name}`);
      }
      const method = answer.at('pagination', 'defaultPaginationMethod') ?? 'index';
      answer.expect(method === 'cursor' || method === 'index', 'cursor or index', method);
    }),
    may('max-page-size', 'No page is larger than maxPageSize.', async (c) => {
      c.needs('cursor');
      const config = (await c.get('/ServiceProviderConfig')).is(200);
      const max = config.at('pagination', 'maxPageSize');
      if (typeof max !== 'number') return c.notApplicable('no maxPageSize is told');
      const page = (await c.list('/Users', { cursor: '', count: max + 1 })).is(200);
      page.expect(page.resources.length <= max, `at most ${max} users`, page.resources.length);
    }),
  ]),
];
