/** Bodies over the limit: 413, told from Content-Length before they are sent, or while they come. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser, GROUP, USER } from '../support/entra.ts';
import { RawConnection, requestText } from '../support/raw.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { SECRET, Server } from '../support/server.ts';

const LIMIT = 5 * 1024 * 1024;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('1 MB is served', async (t) => {
  const body = { schemas: [USER], userName: 'large', displayName: 'x'.repeat(1_000_000) };
  const created = succeeded(t, await scim.post('/Users', body), 201);
  t.equal((await scim.get(`/Users/${created.id}`)).text, created.text);
});

t.test('5 MB + 1, told by Content-Length, is refused before its body', async (t) => {
  const connection = await RawConnection.open(t, server);
  const head = requestText('POST', '/scim/v2/Users', undefined, [
    'Content-Type: application/scim+json',
    `Content-Length: ${LIMIT + 1}`,
  ]);
  await connection.write(head);
  const answer = await connection.answer();
  if (answer === undefined) throw new Error('the connection closed without an answer');
  scimError(t, answer, 413);
  succeeded(t, await scim.post('/Users', entraUser('after-length')), 201);
});

t.test('5 MB + 1, in chunks, is refused while it comes', async (t) => {
  const connection = await RawConnection.open(t, server);
  await connection.write(
    requestText('POST', '/scim/v2/Users', undefined, [
      'Content-Type: application/scim+json',
      'Transfer-Encoding: chunked',
    ]),
  );
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  for (let sent = 0; sent < LIMIT; sent += chunk.length) {
    await connection.write(`${chunk.length.toString(16)}\r\n`);
    await connection.write(chunk);
    await connection.write('\r\n');
  }
  // The one byte too many, in one segment, and nothing behind it: what a client goes on to send to a
  // connection that is being closed resets it, and with it may go the answer.
  await connection.write('1\r\n \r\n');
  const answer = await connection.answer();
  if (answer === undefined) throw new Error('the connection closed without an answer');
  scimError(t, answer, 413);
  succeeded(t, await scim.post('/Users', entraUser('after-chunks')), 201);
});

t.test('a body in small chunks is served', async (t) => {
  const connection = await RawConnection.open(t, server);
  await connection.write(
    requestText('POST', '/scim/v2/Users', undefined, [
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ]),
  );
  const body = Buffer.from(JSON.stringify({ schemas: [USER], userName: 'chunked-å€😀' }));
  for (const byte of body) {
    await connection.write(
      Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]),
    );
  }
  await connection.write('0\r\n\r\n');
  const answer = await connection.answer();
  t.equal(answer?.status, 201, String(answer?.text));
  t.equal(answer?.body['userName'], 'chunked-å€😀');
});

t.test('many keys are refused before they are parsed', async (t) => {
  const keys = (from: number, many: number) =>
    Object.fromEntries(Array.from({ length: many }, (_, at) => [`key${from + at}`, 1]));
  const flat = { schemas: [USER], userName: 'keys', ...keys(0, 300_000) };
  scimError(t, await scim.post('/Users', flat), 400, 'invalidSyntax', '1000 keys');
  const emails = Array.from({ length: 100_000 }, (_, at) => keys(at, 1));
  const spread = { schemas: [USER], userName: 'keys', emails };
  scimError(t, await scim.post('/Users', spread), 400, 'invalidSyntax', '1500 different keys');
  const members = Array.from({ length: 20_000 }, (_, at) => ({ value: `${at}`, display: 'x' }));
  const group = { schemas: [GROUP], displayName: 'large', members };
  scimError(t, await scim.post('/Groups', group), 400, 'invalidValue', 'members');
});

t.test('an unauthenticated giant is refused as such', async (t) => {
  const connection = await RawConnection.open(t, server);
  await connection.write(
    `POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no${SECRET.slice(2)}\r\n` +
      `Content-Length: ${LIMIT * 100}\r\n\r\n`,
  );
  const answer = await connection.answer();
  t.ok([401, 413].includes(answer?.status ?? 0), String(answer?.status));
  succeeded(t, await scim.post('/Users', entraUser('after-giant')), 201);
});
