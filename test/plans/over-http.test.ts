/** Over real HTTP: an index that is there by default answers, and an administrator is told so. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { listsIds } from '../support/scim-asserts.ts';
import { SECRET, Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('a work address is found by its index, also after a change', async (t) => {
  const work = (value: string) => ({ emails: [{ type: 'work', value, primary: true }] });
  const { id } = await scim.post('/Users', { ...entraUser('anna'), ...work('anna@one.example') });
  await scim.post('/Users', { ...entraUser('carl'), ...work('carl@one.example') });
  const filter = 'emails[type eq "work" and value eq "ANNA@one.example"]';
  listsIds(t, await scim.get(`/Users?filter=${encodeURIComponent(filter)}`), [id]);
  const plan = await planOf(filter);
  t.match(plan, {
    answeredBy: 'main thread',
    totalResults: 1,
    types: [{ access: { kind: 'union', parts: [{ index: 'emails.value' }, {}], candidates: 1 } }],
  });
  await scim.patch(`/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'a@two.example' }],
  });
  listsIds(t, await scim.get(`/Users?filter=${encodeURIComponent(filter)}`), []);
  const changed = filter.replace('ANNA@one', 'a@two');
  listsIds(t, await scim.get(`/Users?filter=${encodeURIComponent(changed)}`), [id]);
});

t.test('what no index answers says who answers it', async (t) => {
  t.match(await planOf('title co "x"'), {
    answeredBy: 'filter worker',
    types: [{ access: { kind: 'all resources' }, evaluated: 'filter worker, columns' }],
  });
});

async function planOf(filter: string): Promise<unknown> {
  const target = `${server.origin}/scim/v2/Users?filter=${encodeURIComponent(filter)}`;
  const headers = { Authorization: `Bearer ${SECRET}`, 'X-Scim-Explain': '1' };
  const answer = await fetch(target, { headers });
  t.equal(answer.headers.get('content-type'), 'application/json');
  return answer.json();
}
