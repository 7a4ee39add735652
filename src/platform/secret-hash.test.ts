/** A secret is kept as a hash that tells how it was made, and from which there is no way back. */
import { scryptSync } from 'node:crypto';
import t from 'tap';
import { hashSecret, isSecretHash } from './secret-hash.ts';

/** Made by what the text itself says, as whoever signs users in would. */
function remake(text: string, clear: string): string {
  const [, scheme, parameters, salt = '', hash = ''] = text.split('$');
  const [, ln, r, p] = /^ln=(\d+),r=(\d+),p=(\d+)$/.exec(parameters ?? '') ?? [];
  const options = { N: 2 ** Number(ln), r: Number(r), p: Number(p), maxmem: 2 ** 28 };
  const bytes = Buffer.from(hash, 'base64').length;
  const again = scryptSync(clear, Buffer.from(salt, 'base64'), bytes, options);
  return `$${String(scheme)}$${String(parameters)}$${salt}$${again.toString('base64').replace('=', '')}`;
}

t.test('the text says all that it takes to make the hash again', async (t) => {
  const text = await hashSecret('t1meMa$heen');
  t.match(text, /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  t.equal(remake(text, 't1meMa$heen'), text);
  t.not(remake(text, 't1meMa$hee'), text);
});

t.test('two hashes of one secret have nothing in common', async (t) => {
  const [one, other] = await Promise.all([hashSecret('same'), hashSecret('same')]);
  const [, , , salt, hash] = one.split('$');
  t.notOk(other.includes(String(salt)) || other.includes(String(hash)));
});

t.test('a hash is told from clear text', async (t) => {
  t.ok(isSecretHash(await hashSecret('')));
  for (const clear of ['', 't1meMa$heen', 'superseded', '$scrypt$', '$scrypt$ln=14,r=8,p=5$x']) {
    t.notOk(isSecretHash(clear), clear);
  }
});
