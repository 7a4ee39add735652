/**
 * A row that cannot fail says nothing. Servers that answer every request alike, whatever is asked,
 * meet none of the requirements, but for the few rows that such an answer happens to satisfy.
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import t from 'tap';
import { rowsOf } from './all-rows.ts';
import { runRows } from './run-rows.ts';
import { Target } from './target.ts';

/** A server that claims everything and then always gives this answer. */
async function alike(status: number, body: string): Promise<Server> {
  const claims = Object.fromEntries(
    ['patch', 'bulk', 'filter', 'sort', 'etag'].map((name) => [name, { supported: true }]),
  );
  const config = JSON.stringify({ ...claims, pagination: { cursor: true } });
  const described = JSON.stringify({
    Resources: [{ id: 'User', name: 'User' }, { name: 'Group' }],
  });
  let discovery = 3;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const answer =
        discovery-- > 0 ? (request.url === '/ServiceProviderConfig' ? config : described) : body;
      response.writeHead(discovery >= 0 ? 200 : status, { location: '/Users/1' }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function passing(status: number, body: string): Promise<readonly string[]> {
  const server = await alike(status, body);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const target = await Target.discover({ url: `http://127.0.0.1:${port}`, token: undefined });
  const results = await runRows(rowsOf(), target, { strict: true, lanes: 8 });
  server.closeAllConnections();
  server.close();
  return results.filter(({ outcome }) => outcome === 'passed').map(({ row }) => row.id);
}

t.test('200 with an empty object', async (t) => {
  t.same(await passing(200, '{}'), []);
});

t.test('201 with an empty object', async (t) => {
  t.same(await passing(201, '{}'), []);
});

t.test('404 without a body', async (t) => {
  // To refuse an unknown version takes no body.
  t.same(await passing(404, ''), ['7644-3.13/unknown-version']);
});
