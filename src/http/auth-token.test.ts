import t from 'tap';
import {
  bearerToken,
  hashOfSecret,
  knownSecrets,
  newSecret,
  opens,
  parseBearerToken,
} from './auth-token.ts';

const ID = '01890000-0000-7000-8000-000000000001';

t.test('a secret is 256 random bits that can stand in a header', async (t) => {
  const secrets = new Set(Array.from({ length: 1000 }, newSecret));
  t.equal(secrets.size, 1000);
  for (const secret of secrets) t.match(secret, /^[A-Za-z0-9_-]{43}$/);
});

t.test('a token holds id and secret, whatever is in the secret', async (t) => {
  for (const secret of [newSecret(), '_', '-_-', '__a_']) {
    t.same(parseBearerToken(bearerToken(ID, secret)), { id: ID, secret });
  }
  for (const text of ['', 'scim', 'scim_', `scim_${ID}`, `Scim_${ID}_x`, `x${ID}_y`]) {
    t.equal(parseBearerToken(text), undefined, text);
  }
});

t.test('a secret opens by its hash, until it expires', async (t) => {
  t.equal(
    hashOfSecret('abc'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'FIPS 180-4, B.1',
  );
  const [first, second] = [newSecret(), newSecret()];
  const known = knownSecrets([
    { hash: hashOfSecret(first), createdAt: 0, expiresAt: undefined },
    { hash: hashOfSecret(second), createdAt: 0, expiresAt: 100 },
  ]);
  t.ok(opens(known, first, 1e15));
  t.ok(opens(known, second, 99));
  t.notOk(opens(known, second, 100));
  t.notOk(opens(known, newSecret(), 0));
  t.notOk(opens(known, '', 0));
  t.notOk(opens(known, hashOfSecret(first), 0), 'a stolen hash opens nothing');
  t.notOk(opens([], first, 0));
});
