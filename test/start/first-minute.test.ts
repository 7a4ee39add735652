/** A newcomer's first minute: no configuration, a token, and a curl line that works when pasted. */
import { spawnSync } from 'node:child_process';
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

/** The pasted line, with its continuation lines. */
const CURL = /^\s*(curl(?:[^\n]*\\\n)*[^\n]*)\n/m;

const server = await Server.start(t, {
  env: { NODE_ENV: undefined, SCIM_SHARED_SECRET: undefined },
});
await server.printed(CURL);

function curlLine(): string {
  const line = CURL.exec(server.stdout)?.[1];
  if (line === undefined) throw new Error(`no curl line in:\n${server.stdout}`);
  return line;
}

t.test('the base URL is printed', (t) => {
  t.match(server.stdout, `${server.origin}/scim/v2`);
  t.end();
});

t.test('the curl line works as it stands', (t) => {
  const run = spawnSync('sh', ['-c', curlLine()], { encoding: 'utf8' });
  t.equal(run.status, 0, run.stderr);
  t.match(run.stdout, /urn:ietf:params:scim:/);
  t.notMatch(run.stdout, 'messages:2.0:Error');
  t.end();
});

t.test('the printed token opens the door, and another does not', async (t) => {
  const token = /Bearer ([\w~+/.=-]{32,})/.exec(curlLine())?.[1] ?? '';
  t.ok(token.length >= 32, 'long enough');
  const scim = ScimClient.of(t, server);
  succeeded(t, await scim.post('/Users', entraUser('first'), { token }), 201);
  t.equal((await scim.get('/Users')).status, 401);
});

t.test('each start generates another token; the data stays', async (t) => {
  const before = curlLine();
  t.equal((await server.stop()).code, 0);
  await server.startAgain();
  await server.printed(CURL);
  t.not(curlLine(), before);
  const token = /Bearer ([\w~+/.=-]{32,})/.exec(curlLine())?.[1] ?? '';
  const list = await ScimClient.of(t, server).get('/Users', { token });
  t.equal(succeeded(t, list, 200).body['totalResults'], 2, 'of curl and of the test');
});

t.test('a given secret is not printed', async (t) => {
  const secret = 'given-by-the-operator-0123456789abcdef';
  const given = await Server.start(t, {
    env: { NODE_ENV: undefined, SCIM_SHARED_SECRET: secret },
  });
  succeeded(t, await ScimClient.of(t, given).get('/Users', { token: secret }), 200);
  t.notMatch(given.stdout + given.stderr, secret);
});
