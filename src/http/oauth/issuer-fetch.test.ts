/** Where keys may be fetched from, and what becomes of answers that are none. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { fetchIssuerKeys, issuerRefusal } from './issuer-fetch.ts';

async function listen(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function fetchFrom(host: string, more: { issuerAnswerMs?: number } = {}): Promise<unknown> {
  const options = { issuerHosts: [host], loopbackIssuers: true };
  const bounds = { issuerAnswerMs: 5000, issuerAnswerBytes: 1000, ...more };
  return fetchIssuerKeys(`http://${host}/keys`, { ...options, ...bounds });
}

t.test('only hosts of the list, only https; http on this machine, and not in production', (t) => {
  const options = {
    issuerHosts: ['login.example', 'idp.example:8443', '127.0.0.1:1', 'localhost:1', '[::1]:1'],
    loopbackIssuers: true,
  };
  const allowed = [
    'https://login.example/keys',
    'https://LOGIN.example:443/keys?x=1',
    'https://idp.example:8443/',
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'http://[::1]:1/',
  ];
  for (const uri of allowed) t.equal(issuerRefusal(uri, options), undefined, uri);
  const refused = [
    'http://login.example/keys',
    'https://login.example:444/keys',
    'https://login.example.evil.example/keys',
    'https://evil.example/login.example',
    'https://login.example@evil.example/',
    'https://idp.example/',
    'https://127.0.0.1/',
    'http://127.0.0.1:2/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'x',
    '',
  ];
  for (const uri of refused) t.type(issuerRefusal(uri, options), 'string', uri);
  const production = { ...options, loopbackIssuers: false };
  t.match(issuerRefusal('http://127.0.0.1:1/', production), /https/);
  t.equal(issuerRefusal('https://127.0.0.1:1/', production), undefined);
  t.end();
});

t.test('an answer is JSON', async (t) => {
  const host = await listen(t, (_, response) => response.end('{"keys":[]}'));
  t.strictSame(await fetchFrom(host), { keys: [] });
});

t.test('a redirection is not followed', async (t) => {
  let followed = false;
  const inside = await listen(t, (_, response) => {
    followed = true;
    response.end('{}');
  });
  const host = await listen(t, (_, response) => {
    response.writeHead(302, { Location: `http://${inside}/` }).end();
  });
  await t.rejects(fetchFrom(host));
  t.notOk(followed);
});

t.test('an error, no JSON, and an answer without end are none', async (t) => {
  const answers: readonly RequestListener[] = [
    (_, response) => response.writeHead(500).end('{"keys":[]}'),
    (_, response) => response.end('<html>'),
    (_, response) => {
      const more = (): void => {
        while (response.write(' '.repeat(500)));
        response.once('drain', more);
      };
      more();
    },
    (_, response) => response.destroy(),
  ];
  for (const answer of answers) await t.rejects(fetchFrom(await listen(t, answer)));
});

t.test('an answer that does not come is given up', async (t) => {
  const silent = await listen(t, () => undefined);
  await t.rejects(fetchFrom(silent, { issuerAnswerMs: 50 }), { name: 'TimeoutError' });
  const halting = await listen(t, (_, response) => response.write('{'));
  await t.rejects(fetchFrom(halting, { issuerAnswerMs: 50 }), { name: 'TimeoutError' });
});
