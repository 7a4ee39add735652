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
