/**
 * The emulator refuses what Azure Files refuses, also where the SDK or our storage never gets so far:
 * signed by hand, over plain HTTP.
 */
import { createHash } from 'node:crypto';
import t from 'tap';
import { AzureFilesServer } from './server.ts';
import { signatureOf } from './shared-key.ts';

const MIB = 1024 * 1024;
const server = await AzureFilesServer.start({ pageSize: 2 });
t.teardown(() => server.close());
const tree = server.createShare('share');
const endpoint = /FileEndpoint=([^;]+)/.exec(server.connectionString())?.[1] ?? '';

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly unsigned?: boolean;
}

/** @returns status and error code */
async function send(method: string, path: string, sent: Sent = {}): Promise<string> {
  const { body, unsigned = false } = sent;
  const url = new URL(`${endpoint}/share/${path}`);
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const standard = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2024-11-04' };
  const headers: Record<string, string> = { ...standard, ...sent.headers };
  const request = { method, url: url.pathname + url.search, headers: { ...headers, ...length } };
  const authorization = `SharedKey scimlane:${signatureOf(server.account, request)}`;
  const answer = await fetch(url, {
    method,
    headers: unsigned ? headers : { ...headers, authorization },
    ...(body && { body: new Uint8Array(body) }),
  });
  const code = answer.headers.get('x-ms-error-code');
  const text = await answer.text();
  if (code !== null && !text.includes(`<Error><Code>${code}</Code><Message>`))
    throw new Error(text);
  return `${answer.status} ${code ?? ''}`.trim();
}

const created = (bytes: number): Sent => ({
  headers: { 'x-ms-type': 'file', 'x-ms-content-length': String(bytes) },
});

function range(from: number, body: Buffer, headers: Readonly<Record<string, string>> = {}): Sent {
  const to = from + body.length - 1;
  return { body, headers: { 'x-ms-write': 'update', range: `bytes=${from}-${to}`, ...headers } };
}

t.test('a request without signature, version or a known form is refused', async (t) => {
  t.equal(await send('PUT', 'a', { ...created(1), unsigned: true }), '403 AuthenticationFailed');
  const altered = { 'x-ms-version': '2020-02-10' };
  t.equal(await send('PUT', 'a', { headers: altered }), '400 InvalidHeaderValue');
  t.equal(await send('PUT', 'a'), '400 MissingRequiredHeader');
  t.equal(await send('PUT', 'a?comp=lease'), '405 UnsupportedHttpVerb');
  t.same(tree.paths(), []);
});

t.test('ranges are at most 4 MiB, of the length announced, and inside the file', async (t) => {
  t.equal(await send('PUT', 'a', created(5 * MIB)), '201');
  const large = Buffer.alloc(4 * MIB + 1);
  t.equal(await send('PUT', 'a?comp=range', range(0, large)), '413 RequestBodyTooLarge');
  const four = large.subarray(0, 4 * MIB);
  t.equal(await send('PUT', 'a?comp=range', range(0, four)), '201');
  t.equal(await send('PUT', 'a?comp=range', range(2 * MIB, four)), '416 InvalidRange');
  const short = range(0, four, { range: 'bytes=0-9' });
  t.equal(await send('PUT', 'a?comp=range', short), '400 InvalidHeaderValue');
  const wrong = { 'content-md5': createHash('md5').update('other').digest('base64') };
  t.equal(await send('PUT', 'a?comp=range', range(0, four, wrong)), '400 Md5Mismatch');
  t.equal(await send('PUT', 'none?comp=range', range(0, four)), '404 ResourceNotFound');
});

t.test('a rename takes a free name only, unless it may replace', async (t) => {
  tree.createFile('from', 1).content.write('1');
  tree.createFile('to', 1).content.write('2');
  const source = { 'x-ms-file-rename-source': `${endpoint}/share/from` };
  t.equal(await send('PUT', 'to?comp=rename', { headers: source }), '409 ResourceAlreadyExists');
  t.equal(tree.file('from').content.toString(), '1');
  t.equal(tree.file('to').content.toString(), '2');
  t.equal(await send('PUT', 'no/to?comp=rename', { headers: source }), '404 ParentNotFound');
  const replacing = { ...source, 'x-ms-file-rename-replace-if-exists': 'true' };
  t.equal(await send('PUT', 'to?comp=rename', { headers: replacing }), '200');
  t.equal(tree.file('to').content.toString(), '1');
  t.equal(await send('PUT', 'to?comp=rename', { headers: source }), '404 ResourceNotFound');
});

t.test('directories are made below what is there, and deleted when empty', async (t) => {
  t.equal(await send('PUT', 'd/e?restype=directory'), '404 ParentNotFound');
  t.equal(await send('PUT', 'd?restype=directory'), '201');
  t.equal(await send('PUT', 'd?restype=directory'), '409 ResourceAlreadyExists');
  t.equal(await send('PUT', 'd/f', created(0)), '201');
  t.equal(await send('DELETE', 'd?restype=directory'), '409 DirectoryNotEmpty');
  t.equal(await send('GET', 'd'), '409 ResourceTypeMismatch');
  t.equal(await send('DELETE', 'd/f'), '202');
  t.equal(await send('DELETE', 'd/f'), '404 ResourceNotFound');
  t.equal(await send('DELETE', 'd?restype=directory'), '202');
});

t.test('a list has at least one entry a page', async (t) => {
  const list = '?restype=directory&comp=list&maxresults=';
  t.equal(await send('GET', `${list}0`), '400 OutOfRangeQueryParameterValue');
  t.equal(await send('GET', `${list}1`), '200');
});
