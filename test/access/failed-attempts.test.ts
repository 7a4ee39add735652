/** A flood of wrong tokens: each is refused, soon with 429, and right tokens are served meanwhile. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { bearing, newTenant } from './tenants.ts';

const server = await Server.start(t);
const operator = ScimClient.of(t, server);
const tenant = await newTenant(operator, 'flooded');

t.test('wrong tokens from one address; right ones from it pass', async (t) => {
  const counts = new Map<number, number>();
  let flooding = true;
  const flood = async (name: string): Promise<void> => {
    for (let n = 0; n < 500; n += 1) {
      const wrong = n % 2 === 0 ? `scim_${tenant.credentialId}_${name}${n}` : `${name}-${n}`;
      const { status } = await tenant.scim.get('/Users', bearing(wrong));
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const serving = async (token: string | undefined): Promise<number> => {
    let served = 0;
    while (flooding) {
      const options = token === undefined ? {} : bearing(token);
      const answer = await tenant.scim.get('/Users?count=1', options);
      if (answer.status !== 200) throw new Error(`a right token was answered ${answer.status}`);
      served += 1;
    }
    return served;
  };
  const served = Promise.all([serving(tenant.token), serving(undefined)]);
  await Promise.all(['a', 'b', 'c', 'd'].map(flood));
  flooding = false;
  t.ok((await served).every((requests) => requests > 0));
  t.same([...counts.keys()].sort(), [401, 429]);
  t.ok((counts.get(401) ?? 0) < 1000, 'most are told that they are too many');

  const refused = await tenant.scim.get('/Users', bearing('one-more'));
  if (refused.status === 429) {
    scimError(t, refused, 429);
    t.match(refused.headers['retry-after'], /^[1-9]\d*$/);
  }
  succeeded(t, await tenant.scim.get('/Users', bearing(tenant.token)), 200);
});
