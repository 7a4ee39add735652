/** RFC 7644 §3.4: retrieving resources, lists, sorting, paging, attributes. */
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { LIST_RESPONSE, NO_ID } from '../row-context.ts';
import { may, must, section, should } from '../row.ts';

/** Users with these titles in this order, and a filter that finds only them. */
async function titled(
  c: RowContext,
  titles: readonly (string | undefined)[],
): Promise<{ filter: string; ids: readonly string[] }> {
  const prefix = c.unique('list');
  const ids: string[] = [];
  for (const [index, title] of titles.entries()) {
    const more = title === undefined ? {} : { title };
    ids.push((await c.user({ userName: `${prefix}-${index}`, ...more })).id);
  }
  return { filter: `userName sw "${prefix}"`, ids };
}

async function sorted(
  c: RowContext,
  titles: readonly (string | undefined)[],
  query: Readonly<Record<string, string>>,
): Promise<readonly number[]> {
  c.needs('sort');
  const { filter, ids } = await titled(c, titles);
  const list = (await c.list('/Users', { filter, ...query })).is(200);
  list.expect(list.ids.length === ids.length, `${ids.length} users`);
  return list.ids.map((id) => ids.indexOf(id));
}

function inOrder(
  answers: readonly Answer[],
  came: readonly number[],
  expected: readonly number[],
): void {
  const last = answers.at(-1);
  last?.expect(came.join() === expected.join(), `order ${expected.join()}`, came.join());
}

const ABC = [undefined, undefined, undefined, undefined, undefined];

export const QUERY_ROWS = [
  ...section('7644', '3.4.1', 'Retrieving a Known Resource', [
    must('get', 'GET of a resource answers 200 with the resource.', async (c) => {
      const created = await c.user({ displayName: 'Babs' });
      const read = (await c.get(`/Users/${created.id}`)).is(200);
      read.equals(created.json, ...[]);
    }),
    must('not-found', 'GET of what is not there is 404.', async (c) => {
      (await c.get(`/Users/${NO_ID}`)).isError(404);
    }),
    must('wrong-type', 'A user is not found at the endpoint of groups.', async (c) => {
      c.needsType('Group');
      (await c.get(`/Groups/${(await c.user()).id}`)).isError(404);
    }),
    must('own-type', 'Resources of a type of its own are read like users.', async (c) => {
      const [type, body] = c.ownType();
      const { id } = (await c.post(type.endpoint, body)).is(201);
      (await c.get(`${type.endpoint}/${id}`)).is(200).equals(type.name, 'meta', 'resourceType');
    }),
  ]),
  ...section('7644', '3.4.2', 'Query Resources', [
    must('list', 'A query is answered by a ListResponse.', async (c) => {
      (await c.list('/Users', { count: 1 })).is(200).equals([LIST_RESPONSE], 'schemas');
    }),
    must('total', 'totalResults counts all that is found, not the page.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, count: 2 })).is(200);
      list.equals(5, 'totalResults').expect(list.resources.length <= 2, 'at most two resources');
    }),
    must('resources', 'Resources is there when something is found.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter })).is(200);
      list.expect(list.resources.length === 5, 'five resources', list.resources.length);
    }),
    must(
      'paging-members',
      'startIndex and itemsPerPage are there for a part of a list.',
      async (c) => {
        const { filter } = await titled(c, ABC);
        const list = (await c.list('/Users', { filter, startIndex: 2, count: 2 })).is(200);
        list.equals(2, 'startIndex').equals(2, 'itemsPerPage');
      },
    ),
    must('nothing', 'A query that finds nothing is 200 with totalResults 0.', async (c) => {
      const list = await c.list('/Users', { filter: `userName eq "${c.unique('nobody')}"` });
      list.is(200).equals(0, 'totalResults');
    }),
    should('unknown-parameter', 'A query parameter that is not known is ignored.', async (c) => {
      const list = (await c.get('/Users?count=1&nobodyKnowsThis=1')).is(200);
      list.equals([LIST_RESPONSE], 'schemas');
    }),
    must('whole-resources', 'What a list holds is what a GET answers.', async (c) => {
      const { id } = await c.user({ displayName: 'Babs', emails: [{ value: 'a@b.c' }] });
      const read = (await c.get(`/Users/${id}`)).is(200);
      const list = await c.list('/Users', { filter: `id eq "${id}"` });
      list.is(200).equals(read.json, 'Resources', 0);
    }),
    must('groups', 'Groups are listed like users.', async (c) => {
      const { id } = await c.group();
      const list = await c.list('/Groups', { filter: `id eq "${id}"` });
      list.is(200).equals(id, 'Resources', 0, 'id');
    }),
    must('own-type', 'Resources of a type of its own are listed like users.', async (c) => {
      const [type, body] = c.ownType();
      const { id } = (await c.post(type.endpoint, body)).is(201);
      const list = await c.list(type.endpoint, { filter: `id eq "${id}"` });
      list.is(200).equals(1, 'totalResults').equals(id, 'Resources', 0, 'id');
    }),
  ]),
  ...section('7644', '3.4.2.1', 'Query Endpoints', [
    must('root', 'A query at the root finds resources of all types.', async (c) => {
      const externalId = c.unique('root');
      const user = await c.user({ externalId });
      const group = await c.group({ externalId });
      const list = await c.list('/', { filter: `externalId eq "${externalId}"` });
      if (list.status === 501 || list.status === 404) c.notApplicable('no query at the root');
      list.is(200).equals(2, 'totalResults');
      list.expect(
        [user.id, group.id].every((id) => list.ids.includes(id)),
        'user and group',
      );
    }),
    must('root-type', 'meta.resourceType tells types apart at the root.', async (c) => {
      const externalId = c.unique('root');
      const user = await c.user({ externalId });
      await c.group({ externalId });
      const filter = `externalId eq "${externalId}" and meta.resourceType eq "User"`;
      const list = await c.list('/', { filter });
      if (list.status === 501 || list.status === 404) c.notApplicable('no query at the root');
      list.is(200).equals(1, 'totalResults').equals(user.id, 'Resources', 0, 'id');
    }),
    must(
      'root-foreign-attribute',
      'An attribute that a type does not have has no value there.',
      async (c) => {
        const externalId = c.unique('root');
        const user = await c.user({ externalId });
        await c.group({ externalId });
        const filter = `externalId eq "${externalId}" and userName pr`;
        const list = await c.list('/', { filter });
        if (list.status === 501 || list.status === 404) c.notApplicable('no query at the root');
        list.is(200).equals(1, 'totalResults').equals(user.id, 'Resources', 0, 'id');
      },
    ),
  ]),
  ...section('7644', '3.4.2.3', 'Sorting', [
    must('ascending', 'Without sortOrder a list is sorted ascending.', async (c) => {
      const came = await sorted(c, ['b', 'c', 'a'], { sortBy: 'title' });
      inOrder(c.answers, came, [2, 0, 1]);
    }),
    must('descending', 'sortOrder descending turns the order.', async (c) => {
      const came = await sorted(c, ['b', 'c', 'a'], { sortBy: 'title', sortOrder: 'descending' });
      inOrder(c.answers, came, [1, 0, 2]);
    }),
    must('case', 'An attribute that is not caseExact is sorted without case.', async (c) => {
      const came = await sorted(c, ['b', 'C', 'A'], { sortBy: 'title' });
      inOrder(c.answers, came, [2, 0, 1]);
    }),
    must('missing-last', 'What has no value comes last when ascending.', async (c) => {
      inOrder(c.answers, await sorted(c, ['b', undefined, 'a'], { sortBy: 'title' }), [2, 0, 1]);
    }),
    must('missing-first', 'What has no value comes first when descending.', async (c) => {
      const query = { sortBy: 'title', sortOrder: 'descending' };
      inOrder(c.answers, await sorted(c, ['b', undefined, 'a'], query), [1, 0, 2]);
    }),
    must('name-case', 'sortBy is taken in any case.', async (c) => {
      inOrder(c.answers, await sorted(c, ['b', 'a'], { sortBy: 'TITLE' }), [1, 0]);
    }),
    must('sub-attribute', 'A sub-attribute can be sorted by.', async (c) => {
      c.needs('sort');
      const prefix = c.unique('sort');
      for (const familyName of ['b', 'a']) {
        await c.user({ userName: `${prefix}-${familyName}`, name: { familyName } });
      }
      const filter = `userName sw "${prefix}"`;
      const list = (await c.list('/Users', { filter, sortBy: 'name.familyName' })).is(200);
      list.equals('a', 'Resources', 0, 'name', 'familyName');
    }),
    must(
      'multi-valued',
      'A multi-valued attribute is sorted by its primary or first value.',
      async (c) => {
        c.needs('sort');
        const prefix = c.unique('sort');
        const first = await c.user({ userName: `${prefix}-1`, emails: [{ value: 'm@x.org' }] });
        const second = await c.user({
          userName: `${prefix}-2`,
          emails: [{ value: 'z@x.org' }, { value: 'a@x.org', primary: true }],
        });
        const filter = `userName sw "${prefix}"`;
        const list = (await c.list('/Users', { filter, sortBy: 'emails.value' })).is(200);
        inOrder(
          c.answers,
          list.ids.map((id) => [second.id, first.id].indexOf(id)),
          [0, 1],
        );
      },
    ),
    must('date', 'Dates are sorted by moment.', async (c) => {
      c.needs('sort');
      const { filter, ids } = await titled(c, ABC);
      const query = { filter, sortBy: 'meta.created', sortOrder: 'descending' };
      const list = (await c.list('/Users', query)).is(200);
      list.equals(ids.at(-1) ?? '', 'Resources', 0, 'id');
    }),
    must('paged', 'Sorting holds across pages.', async (c) => {
      c.needs('sort');
      const { filter, ids } = await titled(c, ['d', 'b', 'c', 'a']);
      const query = { filter, sortBy: 'title', count: 2 };
      const first = (await c.list('/Users', query)).is(200).ids;
      const second = (await c.list('/Users', { ...query, startIndex: 3 })).is(200).ids;
      inOrder(
        c.answers,
        [...first, ...second].map((id) => ids.indexOf(id)),
        [3, 1, 2, 0],
      );
    }),
  ]),
  ...section('7644', '3.4.2.4', 'Pagination', [
    must('start-default', 'Without startIndex a list begins at 1.', async (c) => {
      const { filter, ids } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, count: 2 })).is(200);
      const explicit = (await c.list('/Users', { filter, count: 2, startIndex: 1 })).is(200);
      list.expect(list.ids.join() === explicit.ids.join(), 'the page of startIndex 1');
      list.expect(
        list.ids.every((id) => ids.includes(id)),
        'users that match',
      );
    }),
    must('start-below', 'A startIndex below 1 means 1.', async (c) => {
      const { filter } = await titled(c, ABC);
      for (const startIndex of [0, -5]) {
        const list = (await c.list('/Users', { filter, startIndex, count: 2 })).is(200);
        list.equals(1, 'startIndex').equals(2, 'itemsPerPage');
      }
    }),
    must('count', 'A page holds no more than count.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, count: 3 })).is(200);
      list.expect(list.resources.length <= 3, 'at most three resources', list.resources.length);
    }),
    must('count-zero', 'count 0 answers totals and no resources.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, count: 0 })).is(200);
      list.equals(5, 'totalResults').expect(list.resources.length === 0, 'no resources');
    }),
    must('count-negative', 'A negative count means 0.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, count: -3 })).is(200);
      list.equals(5, 'totalResults').expect(list.resources.length === 0, 'no resources');
    }),
    must('count-invalid', 'A count that is no number is refused, not guessed.', async (c) => {
      (await c.list('/Users', { count: 'abc' })).isError(400);
    }),
    must('all-pages', 'The pages together hold everything once.', async (c) => {
      const { filter, ids } = await titled(c, ABC);
      const came: string[] = [];
      for (const startIndex of [1, 3, 5]) {
        came.push(...(await c.list('/Users', { filter, startIndex, count: 2 })).is(200).ids);
      }
      inOrder(c.answers, came.map((id) => ids.indexOf(id)).sort(), [0, 1, 2, 3, 4]);
    }),
    must('items-per-page', 'itemsPerPage is how many the page holds.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, startIndex: 4, count: 10 })).is(200);
      list.equals(2, 'itemsPerPage').expect(list.resources.length === 2, 'two resources');
    }),
    must('beyond', 'A page beyond the end is empty, not an error.', async (c) => {
      const { filter } = await titled(c, ABC);
      const list = (await c.list('/Users', { filter, startIndex: 100, count: 10 })).is(200);
      list.equals(5, 'totalResults').expect(list.resources.length === 0, 'no resources');
    }),
    may('max-results', 'A larger count than the server gives is cut, not refused.', async (c) => {
      const { filter } = await titled(c, ABC);
      (await c.list('/Users', { filter, count: 100_000 })).is(200).equals(5, 'totalResults');
    }),
  ]),
];
