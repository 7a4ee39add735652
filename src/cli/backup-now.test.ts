import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { Test } from 'tap';
import t from 'tap';
import { run } from './test/command-line.ts';

const SECRET = 'a-secret-of-the-tests';

interface Stand {
  readonly port: number;
  readonly requests: IncomingMessage[];
}

/** A server that answers every request alike. */
async function answering(t: Test, status: number, body: string): Promise<Stand> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, requests };
}

const now = (port: number, words = 'backup now') =>
  run(words, { env: { SCIM_SHARED_SECRET: SECRET, HOST: '0.0.0.0', PORT: String(port) } });

t.test('the running server is asked, with its token, and its answer is the result', async (t) => {
  const { port, requests } = await answering(t, 201, '{"name":"snapshots/7","position":7}');
  const people = await now(port);
  t.same([people.code, people.stdout], [0, 'a snapshot was taken: snapshots/7, position 7\n']);
  const script = await now(port, 'backup now --json');
  t.same(JSON.parse(script.stdout), { name: 'snapshots/7', position: 7 });
  const [request] = requests;
  t.match(request, { method: 'POST', url: '/scim/admin/backup/trigger' });
  t.equal(request?.headers.authorization, `Bearer ${SECRET}`);
  t.equal(people.config, undefined, 'no storage was opened');
});

t.test('a server is found by its URL', async (t) => {
  const { port, requests } = await answering(t, 201, '{}');
  const url = `http://127.0.0.1:${port}/scim/v2`;
  const { code } = await now(1, `backup now --url ${url}`);
  t.equal(code, 0);
  t.match(requests[0], { url: '/scim/admin/backup/trigger' });
});

t.test('a refusal is told as the server gave it', async (t) => {
  const cases = [
    [503, '{"detail":"blob a/b cannot be reached"}', /took no snapshot: blob a\/b cannot be/],
    [500, '{}', /took no snapshot: status 500/],
    [401, '{"detail":"x"}', /does not take the token of SCIM_SHARED_SECRET/],
    [404, '{"detail":"nothing lives here"}', /is no Scimlane server/],
    [200, '<html>', /is no Scimlane server/],
  ] as const;
  for (const [status, body, line] of cases) {
    const { port } = await answering(t, status, body);
    const { code, stdout, stderr } = await now(port);
    t.same([code, stdout], [1, ''], String(status));
    t.match(stderr, line);
    t.notMatch(stderr, SECRET);
  }
});

t.test('when no server answers, it is said where it was looked for', async (t) => {
  const { code, stderr } = await now(1);
  t.equal(code, 1);
  t.match(
    stderr,
    /^scimlane: no server answers at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\).*--url/,
  );
});

t.test('what is missing to ask is exit code 2', async (t) => {
  const noToken = await run('backup now', { env: {} });
  t.same([noToken.code, noToken.stdout], [2, '']);
  t.match(noToken.stderr, /SCIM_SHARED_SECRET: takes the token of the server, but is not set/);
  const anyPort = await run('backup now', { env: { SCIM_SHARED_SECRET: SECRET, PORT: '0' } });
  t.equal(anyPort.code, 2);
  t.match(anyPort.stderr, /PORT: is 0.*--url/);
});
