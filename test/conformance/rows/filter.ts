/** RFC 7644 §3.4.2.2: filtering. */
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { must, section } from '../row.ts';
import { OPERATOR_CASES, PEOPLE, REFUSED_FILTERS, type FilterCase } from './filter-cases.ts';

async function finds(c: RowContext, { filter, finds: expected }: FilterCase): Promise<void> {
  c.needs('filter');
  const prefix = c.unique('filter');
  const made = await Promise.all(
    Object.entries(PEOPLE).map(([who, body]) => c.user({ ...body, userName: `${prefix}-${who}` })),
  );
  const list = await c.list('/Users', { filter: `userName sw "${prefix}" and (${filter})` });
  list.is(200);
  const names = Object.keys(PEOPLE);
  const came = names.filter((_, index) => list.ids.includes(made[index]?.id ?? ''));
  list.expect(came.join() === expected.join(), `to find ${expected.join(' and ')}`, came);
}

async function refused(c: RowContext, filter: string): Promise<Answer> {
  c.needs('filter');
  return (await c.list('/Users', { filter })).isError(400, 'invalidFilter');
}

export const FILTER_ROWS = section('7644', '3.4.2.2', 'Filtering', [
  ...OPERATOR_CASES.map((one) => must(one.about, one.requirement, (c) => finds(c, one))),
  ...REFUSED_FILTERS.map(({ about, requirement, filter }) =>
    must(about, requirement, async (c) => {
      await refused(c, filter);
    }),
  ),
  must('only-matches', 'Only what matches is returned.', async (c) => {
    const { id } = await c.user();
    await c.user();
    const list = await c.list('/Users', { filter: `id eq "${id}"` });
    list.is(200).equals(1, 'totalResults').equals(id, 'Resources', 0, 'id');
  }),
  must('integer', 'gt and lt of an integer compare numbers.', async (c) => {
    const number = c.attribute({ type: 'integer', mutability: 'readWrite' });
    const userName = c.unique();
    await c.user({ userName, ...number.holding(9) });
    for (const [comparison, total] of [
      ['gt 8', 1],
      ['gt 10', 0],
      ['lt 10', 1],
      ['ge 9', 1],
      ['le 8', 0],
      ['eq 9', 1],
    ] as const) {
      const filter = `userName eq "${userName}" and ${number.path} ${comparison}`;
      (await c.list('/Users', { filter })).is(200).equals(total, 'totalResults');
    }
  }),
  must('decimal', 'A decimal is compared as a number.', async (c) => {
    const number = c.attribute({ type: 'decimal', mutability: 'readWrite' });
    const userName = c.unique();
    await c.user({ userName, ...number.holding(10.5) });
    const filter = `userName eq "${userName}" and ${number.path} gt 9.75`;
    (await c.list('/Users', { filter })).is(200).equals(1, 'totalResults');
  }),
  must('moment', 'Moments are equal across offsets.', async (c) => {
    const moment = c.attribute({ type: 'dateTime', mutability: 'readWrite' });
    const userName = c.unique();
    await c.user({ userName, ...moment.holding('2011-05-13T04:42:34Z') });
    const filter = `userName eq "${userName}" and ${moment.path} eq "2011-05-13T06:42:34+02:00"`;
    (await c.list('/Users', { filter })).is(200).equals(1, 'totalResults');
  }),
  must('members', 'Groups are found by a member.', async (c) => {
    const user = await c.user();
    const group = await c.groupOf(user.id);
    await c.group();
    const list = await c.list('/Groups', { filter: `members.value eq "${user.id}"` });
    list.is(200).equals(1, 'totalResults').equals(group.id, 'Resources', 0, 'id');
  }),
  must(
    'value-path-suffix',
    'Nothing but a logical operator follows the brackets of a value path.',
    async (c) => {
      await refused(c, 'emails[type eq "work"].value eq "x"');
    },
    {
      reason: 'Microsoft Entra sends it, and it can mean one thing only.',
      setting: 'valuePathSuffix',
    },
  ),
  must(
    'text-boolean',
    'A boolean is compared with true or false, not with a string.',
    async (c) => {
      await refused(c, 'active eq "True"');
    },
    { reason: 'Microsoft Entra writes booleans as strings.', setting: 'textBooleans' },
  ),
]);
