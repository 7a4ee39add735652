/**
 * Request bodies that are not what they should be: each gets a clear 4xx, and the next request on
 * the same server works.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Asserts } from '../support/asserts.ts';
import { ScimClient } from '../support/client.ts';
import { entraUser, patchOp, USER } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
let created = 0;

async function nextRequestWorks(t: Asserts): Promise<void> {
  succeeded(t, await scim.post('/Users', entraUser(`next${created++}`)), 201);
}

/** A body that goes out byte for byte. */
function bytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

const user = (await scim.post('/Users', entraUser('victim'))).id;

const BROKEN: readonly (readonly [string, Buffer])[] = [
  ['broken JSON', bytes('{"schemas":["x"],"userName":"a"')],
  ['an empty body', bytes('')],
  ['white space only', bytes('  \r\n ')],
  ['a comment in JSON', bytes('{/* hello */"userName":"a"}')],
  ['a trailing comma', bytes('{"userName":"a",}')],
  ['two JSON values', bytes('{"userName":"a"}{"userName":"b"}')],
  ['a JSON array', bytes('[{"userName":"a"}]')],
  ['a JSON string', bytes('"userName"')],
  ['null', bytes('null')],
  ['a number', bytes('42')],
  ['NaN', bytes('{"userName":NaN}')],
  [
    'a lone continuation byte',
    Buffer.concat([bytes('{"userName":"'), Buffer.from([0x80]), bytes('"}')]),
  ],
  ['Latin-1', Buffer.from('{"schemas":[],"userName":"å"}', 'latin1')],
  [
    'an overlong slash',
    Buffer.concat([bytes('{"userName":"'), Buffer.from([0xc0, 0xaf]), bytes('"}')]),
  ],
  [
    'a UTF-8 surrogate',
    Buffer.concat([bytes('{"userName":"'), Buffer.from([0xed, 0xa0, 0x80]), bytes('"}')]),
  ],
  ['UTF-16', Buffer.from('{"userName":"a"}', 'utf16le')],
  [
    'a cut character at the end',
    Buffer.concat([bytes('{"userName":"a"}'), Buffer.from([0xe2, 0x82])]),
  ],
  [
    '20,000 nested arrays',
    bytes(`{"userName":"deep","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  ],
  ['20,000 nested objects', bytes(`${'{"name":'.repeat(20_000)}1${'}'.repeat(20_000)}`)],
];

for (const [name, body] of BROKEN) {
  t.test(name, async (t) => {
    for (const answer of [
      await scim.post('/Users', body),
      await scim.put(`/Users/${user}`, body),
      await scim.patch(`/Users/${user}`, body),
    ]) {
      scimError(t, answer, 400, 'invalidSyntax');
    }
    await nextRequestWorks(t);
  });
}

t.test('20,000-deep values inside a PATCH', async (t) => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const body = `{"schemas":[],"Operations":[{"op":"add","path":"title","value":${deep}}]}`;
  t.equal((await scim.patch(`/Users/${user}`, bytes(body))).status, 400);
  await nextRequestWorks(t);
});

t.test('a byte order mark before JSON is refused or skipped, never stored', async (t) => {
  const body = bytes('\ufeff{"schemas":[],"userName":"bom"}');
  const answer = await scim.post('/Users', body);
  if (answer.status === 201) t.equal(answer.body['userName'], 'bom');
  else scimError(t, answer, 400, 'invalidSyntax');
  await nextRequestWorks(t);
});

const ILL_TYPED: readonly (readonly [string, JsonObject, string])[] = [
  ['a number as userName', { userName: 12345 }, 'userName'],
  ['an object as userName', { userName: { value: 'x' } }, 'userName'],
  ['an array as userName', { userName: ['x'] }, 'userName'],
  ['a boolean as displayName', { displayName: true }, 'displayName'],
  ['a number as active', { active: 1 }, 'active'],
  ['a string as name', { name: 'Ada' }, 'name'],
  ['a number as an e-mail value', { emails: [{ value: 7 }] }, 'emails.value'],
  ['a word as primary', { emails: [{ value: 'x', primary: 'first' }] }, 'emails.primary'],
  ['a nested array in emails', { emails: [[{ value: 'x' }]] }, 'emails'],
  ['broken base64 in a certificate', { x509Certificates: [{ value: '***' }] }, 'x509Certificates'],
];

for (const [name, attributes, mention] of ILL_TYPED) {
  t.test(name, async (t) => {
    const answer = await scim.post('/Users', { schemas: [USER], userName: 'typed', ...attributes });
    scimError(t, answer, 400, 'invalidValue', mention);
    await nextRequestWorks(t);
  });
}

t.test('PATCH bodies without sense', async (t) => {
  const bodies: readonly (readonly [JsonObject, string])[] = [
    [{ schemas: [] }, 'invalidSyntax'],
    [{ Operations: [] }, 'invalidSyntax'],
    [{ Operations: 'replace' }, 'invalidSyntax'],
    [{ Operations: [null] }, 'invalidSyntax'],
    [{ Operations: [{ op: 'move', path: 'title', value: 'x' }] }, 'invalidSyntax'],
    [{ Operations: [{ path: 'title', value: 'x' }] }, 'invalidSyntax'],
    [{ Operations: [{ op: 'replace', path: 'title[', value: 'x' }] }, 'invalidFilter'],
    [{ Operations: [{ op: 'replace', path: 'title]', value: 'x' }] }, 'invalidPath'],
    [{ Operations: [{ op: 'replace', path: 'name..x', value: 'x' }] }, 'invalidPath'],
    [{ Operations: [{ op: 'replace', path: 7, value: 'x' }] }, 'invalidPath'],
    [{ Operations: [{ op: 'remove' }] }, 'noTarget'],
    [{ Operations: [{ op: 'remove', path: 'userName' }] }, 'mutability'],
    [{ Operations: [{ op: 'replace', path: 'id', value: 'x' }] }, 'mutability'],
    [{ Operations: [{ op: 'add', path: 'title', value: 7 }] }, 'invalidValue'],
    [{ Operations: [{ op: 'replace', value: 'x' }] }, 'invalidValue'],
  ];
  const before = await scim.get(`/Users/${user}`);
  for (const [body, scimType] of bodies) {
    const answer = await scim.patch(`/Users/${user}`, body);
    t.equal(answer.status, 400, JSON.stringify(body));
    t.equal(answer.body['scimType'], scimType, `${JSON.stringify(body)}: ${answer.detail}`);
  }
  t.same((await scim.get(`/Users/${user}`)).body, before.body);
});

t.test('PATCH is all or nothing', async (t) => {
  const before = await scim.get(`/Users/${user}`);
  const body = patchOp(
    { op: 'replace', path: 'title', value: 'half applied' },
    { op: 'add', path: 'nickName', value: 'half applied' },
    { op: 'remove', path: 'userName' },
  );
  scimError(t, await scim.patch(`/Users/${user}`, body), 400, 'mutability');
  t.same((await scim.get(`/Users/${user}`)).body, before.body);
});
