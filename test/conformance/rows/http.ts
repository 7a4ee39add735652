/** RFC 7644 §2, §3.1, §3.2, §3.8, §3.11 to §3.14, §5, §7: everything around the messages. */
import { plain } from '../described.ts';
import { BULK_REQUEST, NO_ID } from '../row-context.ts';
import { may, must, section, should } from '../row.ts';

const ERROR_MEMBERS = new Set(['schemas', 'status', 'scimType', 'detail']);
const TITLE = [{ op: 'replace', path: 'title', value: 'b' }];

export const HTTP_ROWS = [
  ...section('7644', '2', 'Authentication and Authorization', [
    must('unauthorized', 'A request without a token is 401.', async (c) => {
      (await c.get('/Users?count=1', { token: null })).isError(401);
    }),
    must('challenge', 'A 401 names the authentication schemes in WWW-Authenticate.', async (c) => {
      const answer = (await c.get('/Users?count=1', { token: null })).is(401);
      answer.header('www-authenticate');
    }),
    must('wrong-token', 'A token that is none is 401.', async (c) => {
      (await c.get('/Users?count=1', { token: c.unique('no-token') })).isError(401);
    }),
    must('writes', 'Nothing is written without a token.', async (c) => {
      const body = c.userBody();
      (await c.post('/Users', body, { token: null })).isError(401);
      const filter = `userName eq "${plain(body['userName'])}"`;
      (await c.list('/Users', { filter })).is(200).equals(0, 'totalResults');
    }),
  ]),
  ...section('7644', '3.1', 'Background', [
    must('state', 'An answer shows the state as the server holds it.', async (c) => {
      const created = await c.user({ title: 'a', roles: [{ value: 'r' }] });
      (await c.get(`/Users/${created.id}`)).is(200).equals(created.json);
    }),
    must('lists-are-messages', 'Messages have URNs of the API namespace.', async (c) => {
      const list = (await c.list('/Users', { count: 1 })).is(200);
      list.expect(
        /^\["urn:ietf:params:scim:api:/.test(JSON.stringify(list.at('schemas'))),
        'such a URN',
      );
    }),
  ]),
  ...section('7644', '3.2', 'SCIM Endpoints and HTTP Methods', [
    should('plural', 'Endpoints of types are plural.', async (c) => {
      const types = (await c.get('/ResourceTypes')).is(200).has('Resources', 0);
      for (const { endpoint } of types.resources) {
        types.expect(/s$/.test(plain(endpoint)), 'a plural', plain(endpoint));
      }
    }),
    must('no-such-endpoint', 'An endpoint that is not there is 404.', async (c) => {
      (await c.get('/NothingHere')).isError(404);
    }),
    must('put-collection', 'A PUT to a list of resources is refused.', async (c) => {
      (await c.put('/Users', c.userBody())).isError([404, 405, 501]);
    }),
    must('delete-collection', 'A DELETE of a list of resources is refused.', async (c) => {
      (await c.delete('/Users')).isError([404, 405, 501]);
    }),
    should('error-status', 'The status of an error is also in its body.', async (c) => {
      (await c.get(`/Users/${NO_ID}`)).is(404).equals('404', 'status');
    }),
  ]),
  ...section('7644', '3.8', 'Data Input/Output Formats', [
    must('utf-8', 'UTF-8 goes in and out whole.', async (c) => {
      const displayName = 'Ünïcödé 東京 😀';
      const created = await c.user({ displayName });
      (await c.get(`/Users/${created.id}`)).equals(displayName, 'displayName');
    }),
    must('invalid-utf-8', 'A lone surrogate or broken UTF-8 never gives a 500.', async (c) => {
      const raw = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"${c.unique()}","displayName":"\\ud800"}`;
      const answer = (await c.post('/Users', { raw })).is(201, 400);
      if (answer.status === 201) answer.has('id');
      else answer.isError(400);
    }),
    must('media-type', 'Answers are application/scim+json.', async (c) => {
      const answer = await c.user();
      const type = answer.header('content-type');
      answer.expect(/^application\/scim\+json\b/.test(type), 'application/scim+json', type);
    }),
    must('error-media-type', 'Errors are application/scim+json.', async (c) => {
      const answer = (await c.get(`/Users/${NO_ID}`)).is(404);
      const type = answer.header('content-type');
      answer.expect(/^application\/scim\+json\b/.test(type), 'application/scim+json', type);
    }),
    must('accept-scim', 'Accept: application/scim+json is honoured.', async (c) => {
      const headers = { accept: 'application/scim+json' };
      (await c.get('/Users?count=1', { headers })).is(200).has('schemas');
    }),
    should('accept-json', 'Accept: application/json is honoured.', async (c) => {
      const answer = await c.get('/Users?count=1', { headers: { accept: 'application/json' } });
      answer.is(200);
      const type = answer.header('content-type');
      answer.expect(/^application\/(scim\+)?json\b/.test(type), 'JSON', type);
    }),
    must('accept-none', 'Without Accept the answer is JSON.', async (c) => {
      (await c.get('/Users?count=1', { headers: { accept: '*/*' } })).is(200).has('schemas');
    }),
    must('content-json', 'A body of type application/json is taken.', async (c) => {
      const headers = { 'content-type': 'application/json' };
      (await c.post('/Users', c.userBody(), { headers })).is(201).has('id');
    }),
    must('content-charset', 'A charset of utf-8 is taken.', async (c) => {
      const headers = { 'content-type': 'application/scim+json; charset=utf-8' };
      (await c.post('/Users', c.userBody(), { headers })).is(201).has('id');
    }),
    should('content-other', 'A body of another type is 415 or 400.', async (c) => {
      const headers = { 'content-type': 'text/xml' };
      (await c.post('/Users', { raw: '<user/>' }, { headers })).isError([400, 415]);
    }),
  ]),
  ...section('7644', '3.11', '"/Me" Authenticated Subject Alias', [
    should('me', '/Me answers the subject, or 501 when that is not supported.', async (c) => {
      const answer = (await c.get('/Me')).is(200, 308, 403, 404, 501);
      if (answer.status === 200) answer.has('id');
      else if (answer.status >= 400) answer.isError(answer.status);
    }),
    must('me-location', 'The Location of /Me is that of the resource itself.', async (c) => {
      const answer = await c.get('/Me');
      if (answer.status !== 200) c.notApplicable(`/Me answers ${answer.status}`);
      answer.equals(answer.header('location'), 'meta', 'location');
    }),
  ]),
  ...section('7644', '3.12', 'HTTP Status and Error Response Handling', [
    must('body', 'An error has a JSON body with the Error URN.', async (c) => {
      (await c.get(`/Users/${NO_ID}`)).isError(404);
    }),
    must('status', 'status of an error is the HTTP status as a string.', async (c) => {
      (await c.get(`/Users/${NO_ID}`)).equals('404', 'status');
      (await c.post('/Users', {})).is(400).equals('400', 'status');
    }),
    should('detail', 'An error says in words what is wrong.', async (c) => {
      (await c.post('/Users', {})).is(400).textAt('detail');
    }),
    must('only-its-members', 'An error has no members beside those of its schema.', async (c) => {
      const answer = (await c.post('/Users', {})).is(400);
      const extra = Object.keys(answer.body).filter((name) => !ERROR_MEMBERS.has(name));
      answer.expect(extra.length === 0, 'no other member', extra);
    }),
    must('invalid-syntax', 'A body that cannot be parsed is 400 invalidSyntax.', async (c) => {
      (await c.post('/Users', { raw: 'not json' })).isError(400, 'invalidSyntax');
    }),
    must('invalid-filter', 'A filter that cannot be parsed is 400 invalidFilter.', async (c) => {
      (await c.list('/Users', { filter: 'a b c d' })).isError(400, 'invalidFilter');
    }),
    must('invalid-value', 'A missing required value is 400 invalidValue.', async (c) => {
      const body = c.userBody();
      (await c.post('/Users', { schemas: body['schemas'] ?? [] })).isError(400, 'invalidValue');
    }),
    must('no-target', 'A PATCH without target is 400 noTarget.', async (c) => {
      const { id } = await c.user();
      (await c.patch(`/Users/${id}`, [{ op: 'remove' }])).isError(400, 'noTarget');
    }),
    must('conflict', 'A conflict is 409.', async (c) => {
      const body = c.userBody();
      await c.post('/Users', body);
      (await c.post('/Users', body)).isError(409, 'uniqueness');
    }),
    must('not-implemented', 'What is not supported is 501, 404 or 405.', async (c) => {
      if (c.target.claims('bulk')) c.notApplicable('bulk is supported');
      const answer = await c.post('/Bulk', { schemas: [BULK_REQUEST], Operations: [] });
      answer.isError([404, 405, 501]);
    }),
  ]),
  ...section('7644', '3.13', 'SCIM Protocol Versioning', [
    may(
      'version',
      'Under a base URL with a version the version is the one that is used.',
      async (c) => {
        if (!/\/v2(\/|$)/.test(c.target.http.base)) c.notApplicable('the base URL has no version');
        const answer = await c.get('/ServiceProviderConfig');
        answer.is(200).expect(answer.text.includes(':2.0:'), 'SCIM 2.0');
      },
    ),
    must('unknown-version', 'A version that is not supported is refused.', async (c) => {
      const other = c.target.http.base.replace(/\/v2(?=\/|$)|$/, '/v9');
      (await c.get(`${other}/Users?count=1`)).is(400, 404, 501);
    }),
  ]),
  ...section('7644', '3.14', 'Versioning Resources', [
    must('etag', 'A GET carries the version as ETag, equal to meta.version.', async (c) => {
      c.needs('etag');
      const read = (await c.get(`/Users/${(await c.user()).id}`)).is(200);
      read.equals(read.header('etag'), 'meta', 'version');
    }),
    must('if-none-match', 'A GET with the current version in If-None-Match is 304.', async (c) => {
      c.needs('etag');
      const { id, version } = await c.user();
      const answer = (await c.get(`/Users/${id}`, { headers: { 'if-none-match': version } })).is(
        304,
      );
      answer.expect(answer.text === '', 'no body');
    }),
    must('if-none-match-old', 'With an older version it is 200.', async (c) => {
      c.needs('etag');
      const { id, version } = await c.user();
      await c.patch(`/Users/${id}`, TITLE);
      const headers = { 'if-none-match': version };
      (await c.get(`/Users/${id}`, { headers })).is(200).equals('b', 'title');
    }),
    must('if-match', 'A write with the current version in If-Match is done.', async (c) => {
      c.needs('etag');
      const body = c.userBody();
      const { id, version } = (await c.post('/Users', body)).is(201);
      const headers = { 'if-match': version };
      (await c.put(`/Users/${id}`, { ...body, title: 'b' }, { headers })).is(200);
    }),
    must('if-match-put', 'A PUT with an older version in If-Match is 412.', async (c) => {
      c.needs('etag');
      const body = c.userBody();
      const { id, version } = (await c.post('/Users', body)).is(201);
      (await c.put(`/Users/${id}`, { ...body, title: 'b' })).is(200);
      const headers = { 'if-match': version };
      (await c.put(`/Users/${id}`, { ...body, title: 'c' }, { headers })).isError(412);
      (await c.get(`/Users/${id}`)).equals('b', 'title');
    }),
    must('if-match-patch', 'A PATCH with an older version in If-Match is 412.', async (c) => {
      c.needs('etag');
      const { id, version } = await c.user();
      await c.patch(`/Users/${id}`, TITLE);
      const operations = [{ op: 'replace', path: 'title', value: 'c' }];
      const headers = { 'if-match': version };
      (await c.patch(`/Users/${id}`, operations, { headers })).isError(412);
    }),
    must('if-match-delete', 'A DELETE with an older version in If-Match is 412.', async (c) => {
      c.needs('etag');
      const { id, version } = await c.user();
      await c.patch(`/Users/${id}`, TITLE);
      (await c.delete(`/Users/${id}`, { headers: { 'if-match': version } })).isError(412);
      (await c.get(`/Users/${id}`)).is(200);
    }),
    must('if-match-any', 'If-Match: * is met by what is there.', async (c) => {
      c.needs('etag');
      const { id } = await c.user();
      (await c.delete(`/Users/${id}`, { headers: { 'if-match': '*' } })).is(204);
    }),
  ]),
  ...section('7644', '5', 'Preparation and Comparison of Strings', [
    must(
      'normalised',
      'Two userNames that differ in Unicode normal form only are one.',
      async (c) => {
        const name = c.unique('norm');
        await c.user({ userName: `${name}-\u00e9` });
        (await c.post('/Users', c.userBody({ userName: `${name}-e\u0301` }))).isError(
          409,
          'uniqueness',
        );
      },
    ),
    must('width', 'Two userNames that differ in width of letters only are one.', async (c) => {
      const name = c.unique('width');
      await c.user({ userName: `${name}-abc` });
      (await c.post('/Users', c.userBody({ userName: `${name}-\uff41\uff42\uff43` }))).isError(
        409,
        'uniqueness',
      );
    }),
  ]),
  ...section('7644', '7.8', 'Case-Insensitive Comparison and International Languages', [
    must('filter', 'A filter finds a value in another Unicode normal form.', async (c) => {
      const name = c.unique('norm');
      await c.user({ userName: `${name}-\u00e9` });
      const list = await c.list('/Users', { filter: `userName eq "${name}-e\u0301"` });
      list.is(200).equals(1, 'totalResults');
    }),
  ]),
];
