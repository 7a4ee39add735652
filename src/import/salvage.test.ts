import fc from 'fast-check';
import t from 'tap';
import type { JsonObject } from '../scim/json.ts';
import { canonicalizeResource } from '../scim/resource/canonicalize.ts';
import { salvage } from './salvage.ts';
import { coreType, noted, OPTIONS } from './test/noted.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const USER = coreType('User');

function salvaged(body: JsonObject): { canonical: JsonObject | undefined; lines: string[] } {
  const { notes, lines } = noted();
  return { canonical: salvage(USER, body, OPTIONS, notes)?.canonical, lines: lines() };
}

t.test('what is wrong goes by itself', async (t) => {
  const { canonical, lines } = salvaged({
    userName: 'ada',
    title: 5,
    active: 'perhaps',
    name: { familyName: 'Lovelace', givenName: ['Ada'] },
    emails: [{ value: 'a@example.com' }, 7, { value: 8, type: 'work' }, { value: 'b@example.com' }],
    [ENTERPRISE]: { department: 'Mathematics', costCenter: { a: 1 } },
    'name.middleName': 3,
  });
  t.same(canonical, {
    userName: 'ada',
    name: { familyName: 'Lovelace' },
    emails: [{ value: 'a@example.com' }, { type: 'work' }, { value: 'b@example.com' }],
    [ENTERPRISE]: { department: 'Mathematics' },
  });
  t.same(lines, [
    'refused title',
    'refused active',
    'refused name.givenName',
    'refused emails[1]',
    'refused emails[2].value',
    `refused ${ENTERPRISE}:costCenter`,
    'refused name.middleName',
  ]);
});

t.test('without what is required nothing is taken', async (t) => {
  for (const body of [{}, { title: 'x' }, { userName: 5 }, { userName: '' }, { userName: null }]) {
    const { canonical, lines } = salvaged(body);
    t.equal(canonical, undefined);
    t.same(lines, ['refused ']);
  }
});

t.test('one attribute in two spellings is taken once', async (t) => {
  const { canonical, lines } = salvaged({ userName: 'ada', title: 'a', TITLE: 'b' });
  t.same(canonical, { userName: 'ada', title: 'a' });
  t.same(lines, ['refused TITLE']);
});

t.test(
  'few wrong ones among many are found, and a search that is too long is given up',
  async (t) => {
    const photos = Array.from({ length: 150 }, (_, n) => ({ value: `https://example.com/${n}` }));
    const few = salvaged({ userName: 'ada', photos: [...photos, 5, ...photos.slice(0, 20), 6] });
    t.same(few.lines, ['refused photos[150]', 'refused photos[171]']);

    const keys = Array.from({ length: 100 }, (_, number) => `name.k${number}`);
    const wrong = Object.fromEntries(keys.map((key) => [key, [{}]]));
    const many = { userName: 'ada', displayName: 'x'.repeat(16_000_000), title: 5, ...wrong };
    const { notes, found } = noted();
    const result = salvage(USER, { ...many, nickName: 5, locale: 5 }, OPTIONS, notes);
    t.equal(result?.canonical['userName'], 'ada');
    t.match(found.at(-1), { kind: 'refused', detail: /too much of the resource is wrong/ });
  },
);

t.test(
  'whatever comes: the rest is as a POST of it would be, and what is right is whole',
  async (t) => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const element = fc.oneof(
      scalar,
      fc.dictionary(fc.constantFrom('value', 'type', 'primary'), scalar),
    );
    const value = fc.oneof(
      scalar,
      fc.array(element, { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('familyName', 'givenName', 'value'), scalar),
    );
    const keys = ['title', 'active', 'name', 'emails', 'photos', 'name.givenName', 'Title', 'shoe'];
    const bodies = fc.dictionary(fc.constantFrom(...keys), value, { noNullPrototype: true });
    fc.assert(
      fc.property(bodies, (rest) => {
        const body: JsonObject = { userName: 'ada', ...rest };
        const { notes, lines } = noted();
        const result = salvage(USER, body, OPTIONS, notes);
        if (result === undefined) return false;
        t.same(canonicalizeResource(USER, result.body, OPTIONS), result.canonical);
        let isRight = true;
        try {
          t.same(canonicalizeResource(USER, body, OPTIONS), result.canonical);
        } catch {
          isRight = false;
        }
        return isRight === (lines().length === 0);
      }),
      { numRuns: 300, seed: 1 },
    );
  },
);
