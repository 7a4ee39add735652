/** What an endpoint may take of the server, by what its clients and its neighbours see. */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { bulk, postUser, statusesOf } from '../support/bulk.ts';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { scimError } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
let count = 0;

async function endpointWith(config: JsonObject): Promise<ScimClient> {
  const name = `limited-${count++}`;
  const answer = await admin.post('/endpoints', { name, config });
  if (answer.status !== 201) throw new Error(answer.text);
  return scim.under(`/scim/endpoints/${name}`);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}

t.test('requestsPerSecondMax: 429 with Retry-After, for this endpoint alone', async (t) => {
  // The next one could come a second after the burst at the earliest.
  const limited = await endpointWith({ requestsPerSecondMax: 1, requestBurstMax: 20 });
  const free = await endpointWith({});
  const answers = await Promise.all(range(60).map(() => limited.get('/Users')));
  const refused = answers.filter(({ status }) => status === 429);
  t.ok(refused.length >= 30 && refused.length <= 40, `${refused.length} refused`);
  t.equal(answers.filter(({ status }) => status === 200).length, 60 - refused.length);
  for (const answer of refused) {
    scimError(t, answer, 429);
    t.match(answer.headers['retry-after'], /^[1-9]\d*$/);
    t.match(answer.body['detail'], /1 requests a second/);
  }
  t.equal((await free.get('/Users')).status, 200);
  t.equal((await limited.get('/Users', { token: 'wrong' })).status, 401, 'and costs nobody a turn');
  t.equal((await limited.get('/Schemas')).status, 200, 'discovery is for everybody');
});

t.test('a bulk counts with its operations for the rate', async (t) => {
  const limited = await endpointWith({ requestsPerSecondMax: 1, requestBurstMax: 5 });
  const operations = range(100).map((n) => postUser(`b${n}`, `user${n}`));
  const first = await limited.post('/Bulk', bulk(...operations));
  t.equal(first.status, 200);
  t.ok(statusesOf(first).every((status) => status === '201'));
  const next = await limited.get('/Users');
  t.equal(next.status, 429);
  const seconds = Number(next.headers['retry-after']);
  t.ok(seconds > 60 && seconds <= 100, `${seconds} s`);
});

t.test('resourcesMax is exact under concurrency, whatever the type', async (t) => {
  const limited = await endpointWith({ resourcesMax: 10 });
  const creates = range(30).map((n) => limited.post('/Users', entraUser(`user${n}`)));
  const answers = await Promise.all(creates);
  t.equal(answers.filter(({ status }) => status === 201).length, 10);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    scimError(t, answer, 403);
    t.equal(answer.headers['retry-after'], undefined, 'no retry helps');
  }
  t.equal((await limited.get('/Users')).at('totalResults'), 10);
  const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'G' };
  t.equal((await limited.post('/Groups', group)).status, 403);
  const created = answers.find(({ status }) => status === 201);
  const id = created?.id ?? '';
  t.equal((await limited.get(`/Users/${id}`)).status, 200, 'those that are there stay');
  t.equal((await limited.delete(`/Users/${id}`)).status, 204);
  t.equal((await limited.post('/Groups', group)).status, 201);
  t.equal((await limited.post('/Users', entraUser('one more'))).status, 403);
});

t.test('a bulk fills what is left, and the rest of it is refused', async (t) => {
  const limited = await endpointWith({ resourcesMax: 3 });
  const operations = range(5).map((n) => postUser(`b${n}`, `user${n}`));
  const answer = await limited.post('/Bulk', bulk(...operations));
  t.same(statusesOf(answer), ['201', '201', '201', '403', '403']);
  t.equal((await limited.get('/Users')).at('totalResults'), 3);
});

t.test('a limit is a whole number in its range', async (t) => {
  for (const value of [-1, 1.5, '10', null, true, 1e12]) {
    const config = { resourcesMax: value };
    const answer = await admin.post('/endpoints', { name: 'refused', config });
    scimError(t, answer, 400, 'invalidValue');
    t.match(
      answer.body['detail'],
      /config\.resourcesMax takes a whole number from 0 to 1000000000/,
    );
  }
});
