/** A projection of text shows what a projection of the parsed resource would. */
import fc from 'fast-check';
import t from 'tap';
import { huntOf } from '../../../test/support/hunt.ts';
import type { JsonValue } from '../json.ts';
import { TextParts } from '../text-parts.ts';
import { projectText } from './project-text.ts';
import type { ProjectedMember, Shown } from './project.ts';

const NAMES = ['id', 'a', 'ab', 'a"b', 'a\\', 'é', '{', 'x:y', 'name'];

const name = fc.oneof(fc.constantFrom(...NAMES), fc.string());
const shown: fc.Arbitrary<Shown> = fc.constantFrom<Shown>(
  'whole',
  'nothing',
  (value) => value,
  () => undefined,
  (value) => [value, '€'],
);

t.test('text and objects are projected alike', async (t) => {
  const { seed, runs } = huntOf(t, 'PROJECTION', { seed: 9, runs: 500 });
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue()),
      fc.dictionary(name, fc.jsonValue()),
      fc.uniqueArray(fc.record({ name, shown }), { selector: (member) => member.name }),
      fc.constantFrom<Shown>('whole', 'nothing'),
      (stored, behind, members, others) => {
        const derived = Object.entries(behind).filter(([key]) => !Object.hasOwn(stored, key));
        const parts = new TextParts();
        projectText({ needsLinks: false, others, members }).write(
          parts,
          Buffer.from(JSON.stringify(stored)),
          derived.map(([key, value]) => [key, () => JSON.stringify(value)] as const),
        );
        const text = Buffer.concat(parts.all.map((part) => Buffer.from(part))).toString('utf8');
        const whole = [...Object.entries(stored), ...derived];
        t.equal(text, naive(whole, members, others));
      },
    ),
    { seed, numRuns: runs },
  );
});

/** Written by hand: an object of JavaScript would put keys that are numbers first. */
function naive(
  entries: readonly (readonly [string, unknown])[],
  members: readonly ProjectedMember[],
  others: Shown,
): string {
  const result: string[] = [];
  for (const [key, value] of entries) {
    const wanted = members.find((member) => member.name === key)?.shown ?? others;
    const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
    const kept = wanted === 'whole' ? plain : undefined;
    const left = typeof wanted === 'string' ? kept : wanted(plain);
    if (left !== undefined) result.push(`${JSON.stringify(key)}:${JSON.stringify(left)}`);
  }
  return `{${result.join(',')}}`;
}
