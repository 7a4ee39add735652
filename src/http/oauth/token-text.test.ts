/** Reading a token that nobody believes yet: whatever comes, it is read or it is none. */
import fc from 'fast-check';
import t from 'tap';
import { readToken } from './token-text.ts';

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

t.test('header and claims are read', (t) => {
  const token = `${part({ alg: 'ES256' })}.${part({ sub: 'å' })}.c2ln`;
  t.strictSame(readToken(token), { header: { alg: 'ES256' }, claims: { sub: 'å' } });
  t.end();
});

t.test('without a signature, or with parts that are no objects, it is none', (t) => {
  const object = part({});
  for (const token of [
    '',
    '.',
    '..',
    `${object}.${object}`,
    `${object}.${object}.`,
    `${object}.${object}.a.a`,
    `${object}.${object}.a=`,
    `${object} .${object}.a`,
    ...[part([]), part(null), part('x'), part(1), 'e30x', 'AA'].flatMap((other) => [
      `${other}.${object}.a`,
      `${object}.${other}.a`,
    ]),
  ]) {
    t.equal(readToken(token), undefined, token);
  }
  t.end();
});

t.test('a claim called __proto__ is a claim', (t) => {
  const claims = Buffer.from('{"__proto__":{"iss":"x"}}').toString('base64url');
  t.equal(readToken(`${part({})}.${claims}.a`)?.claims['iss'], undefined);
  t.end();
});

t.test('random texts never throw', (t) => {
  const piece = fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      readToken(pieces.join('.'));
    }),
    { numRuns: 2000, seed: 1 },
  );
  t.end();
});
