/** Secrets leave a canonical form as hashes only, and come apart from a document and back. */
import fc from 'fast-check';
import t from 'tap';
import type { JsonObject } from '../json.ts';
import { deviceType, OWNER, userType } from '../schema/test/types.ts';
import { hashSecrets, prepareSecret, secretsOf, withoutSecrets, withSecrets } from './secrets.ts';

/** Says what was hashed, which no real hash does. */
const hash = (clear: string) => Promise.resolve(`#${clear}#`);
const TOKEN = `${OWNER}:token`.toLowerCase();

t.test('every secret is hashed where it stands, and nothing else', async (t) => {
  const canonical = {
    label: 'l',
    place: { site: 's', pin: 'p' },
    [OWNER]: { owner: 'o', token: 't' },
  };
  const before = JSON.stringify(canonical);
  t.same(await hashSecrets(deviceType, canonical, hash), {
    label: 'l',
    place: { site: 's', pin: '#p#' },
    [OWNER]: { owner: 'o', token: '#t#' },
  });
  t.equal(JSON.stringify(canonical), before, 'the canonical form is not changed');
  t.same(await hashSecrets(userType, { password: 'x' }, hash), { password: '#x#' });
});

t.test('without a secret there is nothing to wait for', async (t) => {
  t.equal(hashSecrets(userType, { userName: 'u' }, hash), undefined);
  t.equal(hashSecrets(userType, { userName: 'u', password: '' }, hash), undefined, 'empty is none');
  t.equal(hashSecrets(deviceType, { place: { site: 's' } }, hash), undefined);
});

t.test('a secret is prepared as RFC 8265 has it for passwords', async (t) => {
  // OpaqueString: spaces are one space, composed characters are one, case and width stay.
  t.equal(prepareSecret('corre\u0301ct\u3000horse\u00a0 Ａ'), 'corr\u00e9ct horse  Ａ');
  t.same(await hashSecrets(userType, { password: 'e\u0301' }, hash), { password: '#\u00e9#' });
});

t.test('a document and its secrets come apart and together again', async (t) => {
  const whole = {
    label: 'l',
    place: { site: 's', pin: 'p' },
    [OWNER]: { owner: 'o', token: 't' },
  };
  const secrets = { 'place.pin': 'p', [TOKEN]: 't' };
  const open = { label: 'l', place: { site: 's' }, [OWNER]: { owner: 'o' } };
  t.same(secretsOf(deviceType, whole), secrets);
  t.same(withoutSecrets(deviceType, whole), open);
  t.same(withSecrets(deviceType, open, secrets), whole);
  t.equal(secretsOf(deviceType, open), undefined);
  t.equal(withoutSecrets(deviceType, open), open, 'not even copied');
  t.equal(withSecrets(deviceType, open, {}), open);
  t.same(withSecrets(deviceType, {}, secrets), { place: { pin: 'p' }, [OWNER]: { token: 't' } });
});

t.test('whatever a document looks like, no secret stays in it', async () => {
  const text = fc.constantFrom('', 'p', '__proto__');
  const place = fc.oneof(fc.record({ site: text, pin: text }, { requiredKeys: [] }), text);
  const owner = fc.oneof(fc.record({ owner: text, token: text }, { requiredKeys: [] }), text);
  const documents = fc.record({ label: text, place, [OWNER]: owner }, { requiredKeys: [] });
  fc.assert(
    fc.property(documents, (generated) => {
      const document = JSON.parse(JSON.stringify(generated)) as JsonObject;
      const open = withoutSecrets(deviceType, document);
      const secrets = secretsOf(deviceType, document) ?? {};
      return (
        secretsOf(deviceType, open) === undefined &&
        JSON.stringify(sorted(withSecrets(deviceType, open, secrets))) ===
          JSON.stringify(sorted(document))
      );
    }),
    { numRuns: 500 },
  );
});

/** Objects by the order of their keys, as far as a document has them. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
