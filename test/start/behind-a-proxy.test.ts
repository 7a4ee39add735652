/** `meta.location`, `Location` and `$ref` behind a TLS proxy, and without one. */
import t from 'tap';
import type { Asserts } from '../support/asserts.ts';
import { ScimClient, type RequestOptions } from '../support/client.ts';
import { entraUser, GROUP } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

let number = 0;

/** Creates a user and a group, and asserts that every URL of the answers begins with `base`. */
async function urlsBeginWith(
  t: Asserts,
  scim: ScimClient,
  base: string,
  options?: RequestOptions,
): Promise<void> {
  const user = await scim.post('/Users', entraUser(`user${number++}`), options);
  t.equal(succeeded(t, user, 201).location, `${base}/scim/v2/Users/${user.id}`);
  t.equal(user.headers.location, user.location);
  const body = { schemas: [GROUP], displayName: `g${number}`, members: [{ value: user.id }] };
  const group = succeeded(t, await scim.post('/Groups', body, options), 201);
  t.equal(group.at('members', 0, '$ref'), user.location);
  const read = await scim.get(`/Users/${user.id}`, options);
  t.equal(read.location, user.location);
  t.equal(read.at('groups', 0, '$ref'), `${base}/scim/v2/Groups/${group.id}`);
  const list = await scim.get(`/Users?filter=id+eq+"${user.id}"`, options);
  t.match(list.resources, [{ meta: { location: user.location } }]);
  const types = await scim.get('/ResourceTypes/User', options);
  t.equal(types.location, `${base}/scim/v2/ResourceTypes/User`);
}

const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'scim.example.com' };

t.test('no proxy is trusted by default', async (t) => {
  const server = await Server.start(t);
  const scim = ScimClient.of(t, server);
  await urlsBeginWith(t, scim, server.origin, { headers: FORWARDED });
  await urlsBeginWith(t, scim, 'http://inside.example:81', {
    headers: { host: 'inside.example:81' },
  });
});

t.test('TRUST_PROXY', async (t) => {
  const server = await Server.start(t, { env: { TRUST_PROXY: 'true' } });
  const scim = ScimClient.of(t, server);
  await urlsBeginWith(t, scim, 'https://scim.example.com', { headers: FORWARDED });
  await urlsBeginWith(t, scim, server.origin);
  await urlsBeginWith(t, scim, 'https://outer.example', {
    headers: {
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': 'outer.example, inner.example',
    },
  });
  for (const [proto, host] of [
    ['javascript', 'scim.example.com'],
    ['https', 'x"><script>'],
    ['https', 'user:pass@evil.example'],
    ['https', 'evil.example/path?query#fragment'],
    ['ftp', 'a b'],
  ] as const) {
    const headers = { 'x-forwarded-proto': proto, 'x-forwarded-host': host };
    const answer = await scim.post('/Users', entraUser(`evil${number++}`), { headers });
    if (answer.status === 201) t.match(answer.location, /^https?:\/\/[\w.:-]+\/scim\/v2\/Users\//);
    else t.equal(answer.status, 400);
  }
});

t.test('PUBLIC_URL holds whatever a request says', async (t) => {
  const server = await Server.start(t, {
    env: { PUBLIC_URL: 'https://public.example.com/', TRUST_PROXY: 'true' },
  });
  const scim = ScimClient.of(t, server);
  await urlsBeginWith(t, scim, 'https://public.example.com');
  await urlsBeginWith(t, scim, 'https://public.example.com', { headers: FORWARDED });
});
