/** RFC 7644 §3.4.2.5, §3.9 and §3.10: which attributes an answer holds, and how they are named. */
import { isObject } from '../../../src/scim/json.ts';
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { ENTERPRISE, USER } from '../row-context.ts';
import { must, section } from '../row.ts';

const BODY = {
  displayName: 'Babs',
  title: 'Guide',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [{ value: 'a@example.com', type: 'work' }],
};

async function projected(c: RowContext, query: Readonly<Record<string, string>>): Promise<Answer> {
  const { id } = await c.user(BODY);
  return (await c.list(`/Users/${id}`, query)).is(200);
}

async function enterprise(c: RowContext): Promise<Answer> {
  c.needsSchema(ENTERPRISE);
  return c.user({
    ...BODY,
    schemas: [USER, ENTERPRISE],
    [ENTERPRISE]: { department: 'Tour', costCenter: '4130' },
  });
}

export const ATTRIBUTES_PARAMETER_ROWS = [
  ...section('7644', '3.4.2.5', 'Attributes', [
    must(
      'attributes',
      'attributes of a list: only these and what is always returned.',
      async (c) => {
        const { id } = await c.user(BODY);
        const list = await c.list('/Users', { filter: `id eq "${id}"`, attributes: 'title' });
        const [resource] = list.is(200).resources;
        const names = Object.keys(resource ?? {})
          .sort()
          .join(' ');
        list.expect(/^id (meta )?schemas title$/.test(names), 'id, schemas and title', names);
      },
    ),
    must('excluded', 'excludedAttributes of a list: everything but these.', async (c) => {
      const { id } = await c.user(BODY);
      const query = { filter: `id eq "${id}"`, excludedAttributes: 'title,emails' };
      const list = (await c.list('/Users', query)).is(200);
      list.lacks('Resources', 0, 'title').lacks('Resources', 0, 'emails');
      list.equals('Babs', 'Resources', 0, 'displayName');
    }),
    must('excluded-always', 'What is always returned cannot be excluded.', async (c) => {
      const { id } = await c.user(BODY);
      const query = { filter: `id eq "${id}"`, excludedAttributes: 'id,schemas' };
      const list = (await c.list('/Users', query)).is(200);
      list.equals(id, 'Resources', 0, 'id').equals([USER], 'Resources', 0, 'schemas');
    }),
    must('groups', 'Members of groups can be left out of a list.', async (c) => {
      const group = await c.groupOf((await c.user()).id);
      const query = { filter: `id eq "${group.id}"`, excludedAttributes: 'members' };
      const list = (await c.list('/Groups', query)).is(200).lacks('Resources', 0, 'members');
      list.equals(group.id, 'Resources', 0, 'id');
    }),
  ]),
  ...section('7644', '3.9', 'Additional Operation Response Parameters', [
    must(
      'attributes',
      'attributes of a GET: only these and what is always returned.',
      async (c) => {
        const answer = await projected(c, { attributes: 'title' });
        answer.equals('Guide', 'title').has('id').has('schemas').lacks('displayName').lacks('name');
      },
    ),
    must('several', 'attributes may name several, separated by commas.', async (c) => {
      const answer = await projected(c, { attributes: 'title,displayName' });
      answer.equals('Guide', 'title').equals('Babs', 'displayName').lacks('emails');
    }),
    must('sub-attribute', 'attributes may name a sub-attribute alone.', async (c) => {
      const answer = await projected(c, { attributes: 'name.givenName' });
      answer.equals({ givenName: 'Barbara' }, 'name');
    }),
    must(
      'multi-sub-attribute',
      'A sub-attribute of a multi-valued attribute can be named.',
      async (c) => {
        const answer = await projected(c, { attributes: 'emails.value' });
        answer.equals([{ value: 'a@example.com' }], 'emails');
      },
    ),
    must('any-case', 'Names in attributes are taken in any case.', async (c) => {
      (await projected(c, { attributes: 'TITLE' })).equals('Guide', 'title');
    }),
    must('excluded', 'excludedAttributes of a GET leaves these out.', async (c) => {
      const answer = await projected(c, { excludedAttributes: 'title' });
      answer.lacks('title').equals('Babs', 'displayName').has('id');
    }),
    must('excluded-sub-attribute', 'excludedAttributes may name a sub-attribute.', async (c) => {
      const answer = await projected(c, { excludedAttributes: 'name.givenName' });
      answer.equals({ familyName: 'Jensen' }, 'name');
    }),
    must('excluded-always', 'id stays whatever is excluded.', async (c) => {
      (await projected(c, { excludedAttributes: 'id' })).has('id');
    }),
    must('post', 'attributes hold for the answer to a POST.', async (c) => {
      const answer = (await c.post('/Users?attributes=title', c.userBody(BODY))).is(201);
      answer.equals('Guide', 'title').lacks('displayName').has('id');
    }),
    must('put', 'attributes hold for the answer to a PUT.', async (c) => {
      const body = c.userBody(BODY);
      const { id } = (await c.post('/Users', body)).is(201);
      const answer = (await c.put(`/Users/${id}?attributes=title`, body)).is(200);
      answer.equals('Guide', 'title').lacks('displayName').has('id');
    }),
    must('patch', 'attributes hold for the answer to a PATCH, which is then 200.', async (c) => {
      const { id } = await c.user(BODY);
      const operations = [{ op: 'replace', path: 'title', value: 'Pilot' }];
      const answer = await c.patch(`/Users/${id}?attributes=title`, operations);
      answer.is(200).equals('Pilot', 'title').lacks('displayName').has('id');
    }),
    must('post-excluded', 'excludedAttributes hold for the answer to a POST.', async (c) => {
      const answer = await c.post('/Users?excludedAttributes=title', c.userBody(BODY));
      answer.is(201).lacks('title').equals('Babs', 'displayName');
    }),
  ]),
  ...section('7644', '3.10', 'Attribute Notation', [
    must('urn', 'An attribute of an extension is named by URN, colon and name.', async (c) => {
      const { id } = await enterprise(c);
      const answer = await c.list(`/Users/${id}`, { attributes: `${ENTERPRISE}:department` });
      answer.is(200).equals({ department: 'Tour' }, ENTERPRISE).lacks('title');
    }),
    must('urn-whole', 'The URN of an extension names all its attributes.', async (c) => {
      const { id } = await enterprise(c);
      const answer = await c.list(`/Users/${id}`, { attributes: ENTERPRISE });
      answer.is(200).equals({ department: 'Tour', costCenter: '4130' }, ENTERPRISE).lacks('title');
    }),
    must('urn-excluded', 'An attribute of an extension can be excluded by its URN.', async (c) => {
      const { id } = await enterprise(c);
      const query = { excludedAttributes: `${ENTERPRISE}:department` };
      const answer = (await c.list(`/Users/${id}`, query)).is(200);
      answer.equals({ costCenter: '4130' }, ENTERPRISE).equals('Guide', 'title');
    }),
    must('core-urn', 'The URN of the core schema may stand before a core attribute.', async (c) => {
      const { id } = await c.user(BODY);
      const answer = await c.list(`/Users/${id}`, { attributes: `${USER}:name.familyName` });
      answer.is(200).equals({ familyName: 'Jensen' }, 'name').lacks('title');
    }),
    must('urn-case', 'A URN before a name is taken in any case.', async (c) => {
      const { id } = await enterprise(c);
      const attributes = `${ENTERPRISE.toUpperCase()}:department`;
      const answer = (await c.list(`/Users/${id}`, { attributes })).is(200);
      const extension = answer.at(ENTERPRISE);
      answer.expect(isObject(extension) && extension['department'] === 'Tour', 'the department');
    }),
    must('urn-patch', 'A PATCH path may begin with a URN.', async (c) => {
      const { id } = await enterprise(c);
      const path = `${ENTERPRISE}:department`;
      (await c.patch(`/Users/${id}`, [{ op: 'replace', path, value: 'Sales' }])).is(200, 204);
      (await c.get(`/Users/${id}`)).equals('Sales', ENTERPRISE, 'department');
    }),
  ]),
];
