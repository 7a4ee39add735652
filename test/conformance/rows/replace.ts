/** RFC 7644 §3.5.1 and §3.6: replacing and deleting. */
import { NO_ID, USER } from '../row-context.ts';
import { must, section, should } from '../row.ts';

export const REPLACE_ROWS = [
  ...section('7644', '3.5.1', 'Replacing with PUT', [
    must('replaced', 'A PUT answers 200 with the whole resource.', async (c) => {
      const body = c.userBody({ title: 'a' });
      const { id } = (await c.post('/Users', body)).is(201);
      const put = (await c.put(`/Users/${id}`, { ...body, title: 'b' })).is(200);
      put.equals('b', 'title').equals(id, 'id').has('meta', 'location');
    }),
    must('read-back', 'What a PUT answers is what a GET answers.', async (c) => {
      const body = c.userBody({ title: 'a' });
      const { id } = (await c.post('/Users', body)).is(201);
      const put = (await c.put(`/Users/${id}`, { ...body, title: 'b' })).is(200);
      (await c.get(`/Users/${id}`)).is(200).equals(put.json);
    }),
    must('multi-valued', 'A PUT replaces all values of a multi-valued attribute.', async (c) => {
      const body = c.userBody({ emails: [{ value: 'a@x.org' }, { value: 'b@x.org' }] });
      const { id } = (await c.post('/Users', body)).is(201);
      const emails = [{ value: 'c@x.org' }];
      (await c.put(`/Users/${id}`, { ...body, emails })).is(200).equals(emails, 'emails');
    }),
    must('never-creates', 'A PUT to what is not there creates nothing.', async (c) => {
      (await c.put(`/Users/${NO_ID}`, c.userBody())).isError(404);
      (await c.get(`/Users/${NO_ID}`)).isError(404);
    }),
    must('read-only', 'readOnly values in a PUT are ignored.', async (c) => {
      const body = c.userBody();
      const created = (await c.post('/Users', body)).is(201);
      const meta = { created: '2001-01-01T00:00:00Z', location: 'https://x.example.com/' };
      const put = await c.put(`/Users/${created.id}`, { ...body, meta, groups: [] });
      put.is(200).equals(created.textAt('meta', 'location'), 'meta', 'location');
    }),
    must('echo', 'What a GET answered can be PUT back as it is.', async (c) => {
      const user = await c.user({ title: 'a', emails: [{ value: 'a@x.org', type: 'work' }] });
      await c.groupOf(user.id);
      const read = (await c.get(`/Users/${user.id}`)).is(200);
      const put = (await c.put(`/Users/${user.id}`, read.body)).is(200);
      put.equals('a', 'title').has('groups', 0, 'value');
    }),
    must('required', 'A PUT without a required attribute is 400.', async (c) => {
      const { id } = await c.user();
      (await c.put(`/Users/${id}`, { schemas: [USER], title: 'x' })).isError(400, 'invalidValue');
    }),
    must('refused-whole', 'A PUT that is refused changes nothing.', async (c) => {
      const body = c.userBody({ title: 'a' });
      const { id } = (await c.post('/Users', body)).is(201);
      (await c.put(`/Users/${id}`, { ...body, title: 'b', name: 7 })).isError(400);
      (await c.get(`/Users/${id}`)).equals('a', 'title');
    }),
    must('members', 'A PUT of a group replaces its members.', async (c) => {
      const [first, second] = [await c.user(), await c.user()];
      const group = await c.groupOf(first.id);
      const body = { ...c.groupBody(), members: [{ value: second.id }] };
      const put = (await c.put(`/Groups/${group.id}`, body)).is(200);
      put.equals(second.id, 'members', 0, 'value').lacks('members', 1);
    }),
    must('own-type', 'Resources of a type of its own are replaced like users.', async (c) => {
      const [type, body] = c.ownType();
      const { id } = (await c.post(type.endpoint, body)).is(201);
      (await c.put(`${type.endpoint}/${id}`, body)).is(200).equals(id, 'id');
    }),
  ]),
  ...section('7644', '3.6', 'Deleting Resources', [
    must('deleted', 'A DELETE answers 204 without a body.', async (c) => {
      const { id } = await c.user();
      const answer = (await c.delete(`/Users/${id}`)).is(204);
      answer.expect(answer.text === '', 'no body');
    }),
    must('gone', 'What is deleted is 404 to every verb.', async (c) => {
      const body = c.userBody();
      const { id } = (await c.post('/Users', body)).is(201);
      (await c.delete(`/Users/${id}`)).is(204);
      (await c.get(`/Users/${id}`)).isError(404);
      (await c.put(`/Users/${id}`, body)).isError(404);
      (await c.delete(`/Users/${id}`)).isError(404);
      if (!c.target.claims('patch')) return;
      const operations = [{ op: 'replace', path: 'title', value: 'x' }];
      (await c.patch(`/Users/${id}`, operations)).isError(404);
    }),
    must('not-in-lists', 'What is deleted is in no list.', async (c) => {
      const user = await c.user();
      (await c.delete(`/Users/${user.id}`)).is(204);
      const filter = `userName eq "${user.textAt('userName')}"`;
      (await c.list('/Users', { filter })).is(200).equals(0, 'totalResults');
    }),
    should('no-conflict', 'The userName of a deleted user is free.', async (c) => {
      const body = c.userBody();
      const { id } = (await c.post('/Users', body)).is(201);
      (await c.delete(`/Users/${id}`)).is(204);
      (await c.post('/Users', body)).is(201);
    }),
    must('never-there', 'A DELETE of what never was is 404.', async (c) => {
      (await c.delete(`/Users/${NO_ID}`)).isError(404);
    }),
    must('own-type', 'Resources of a type of its own are deleted like users.', async (c) => {
      const [type, body] = c.ownType();
      const { id } = (await c.post(type.endpoint, body)).is(201);
      (await c.delete(`${type.endpoint}/${id}`)).is(204);
      (await c.get(`${type.endpoint}/${id}`)).isError(404);
    }),
  ]),
];
