/** TLS without a proxy, and a certificate that is renewed under the server's feet. */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { TLSSocket } from 'node:tls';
import t from 'tap';
import { hasOpenssl, makeCertificate, replaceFile } from '../../../test/support/certificate.ts';
import { BEARER, serve, turns } from './serve.ts';

interface Seen {
  readonly status: number | undefined;
  readonly body: string;
  /** Common name of the certificate. */
  readonly name: string | undefined;
}

/** @param agent undefined: a connection of its own */
function get(port: number, path: string, agent?: Agent): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false };
    const headers = { Authorization: BEARER };
    const outgoing = request({ ...options, headers, agent: agent ?? false }, (incoming) => {
      const { socket } = incoming;
      const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined;
      let body = '';
      incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode, body, name: Array.isArray(name) ? name[0] : name });
      });
    });
    outgoing.on('error', reject).end();
  });
}

const skip = hasOpenssl() ? false : 'there is no openssl';

t.test('TLS is spoken, and locations say so', { skip }, async (t) => {
  const tls = makeCertificate(t.testdir({}), 'first');
  const { port, store } = await serve(t, { tls });
  const { status, body, name } = await get(port, '/scim/v2/ResourceTypes');
  t.equal(status, 200);
  t.equal(name, 'first');
  t.match(body, `https://127.0.0.1:${port}/scim/v2/ResourceTypes/User`);
  t.equal(store.commands.length, 0);
});

t.test('a new certificate serves new connections, open ones go on', { skip }, async (t) => {
  const folder = t.testdir({});
  const tls = makeCertificate(folder, 'first');
  const second = makeCertificate(folder, 'second');
  const { port, warnings } = await serve(t, { tls, limits: { tlsLookMs: 5 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  t.equal((await get(port, '/health/live', agent)).name, 'first');

  const told = (message: RegExp): boolean => warnings.some((each) => message.test(each.message));
  // Only half of the pair: the key of another certificate.
  replaceFile(tls.keyFile, second.keyFile);
  while (!told(/of no use/)) await turns();
  t.equal((await get(port, '/health/live')).name, 'first');
  t.match(warnings, [{ fields: { problem: /^TLS_KEY_FILE: takes the key of the certificate/ } }]);

  replaceFile(tls.certFile, second.certFile);
  while (!told(/is used from now on/)) await turns();
  await turns();
  t.equal((await get(port, '/health/live')).name, 'second');
  t.equal((await get(port, '/health/live', agent)).name, 'first', 'the same connection');
  t.equal(warnings.length, 2, 'each thing is told once');

  writeFileSync(tls.certFile, 'nothing');
  while (warnings.length < 3) await turns();
  t.equal((await get(port, '/health/live')).name, 'second');
});

t.test('many renewals are as one', { skip }, async (t) => {
  const folder = t.testdir({});
  const tls = makeCertificate(folder, 'one');
  const two = makeCertificate(folder, 'two');
  const three = makeCertificate(folder, 'three');
  const { port, warnings } = await serve(t, { tls, limits: { tlsLookMs: 5 } });
  for (let round = 0; round < 12; round += 1) {
    const next = round % 2 === 0 ? two : three;
    replaceFile(tls.keyFile, next.keyFile);
    replaceFile(tls.certFile, next.certFile);
    const used = (): number => warnings.filter(({ message }) => /from now on/.test(message)).length;
    while (used() < round + 1) await turns();
    await turns();
    t.equal((await get(port, '/health/live')).name, round % 2 === 0 ? 'two' : 'three');
  }
});
