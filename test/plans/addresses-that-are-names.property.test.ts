/**
 * An address that is the user's name has no key of its own: whatever users and filters have to do with
 * each other, indexes find what evaluating finds.
 */
import fc from 'fast-check';
import t from 'tap';
import type { CompareNode, FilterNode } from '../../src/scim/filter/ast.ts';
import { compileFilter } from '../../src/scim/filter/evaluate.ts';
import { printFilter } from '../../src/scim/filter/print.ts';
import { CORE_PROFILE } from '../../src/scim/schema/core.ts';
import { compileRegistry } from '../../src/scim/schema/registry.ts';
import { junctions } from '../../src/filter-workers/test/random-filters.ts';
import { search } from '../../src/sqlite/search.ts';
import { buildIndexes } from '../../src/sqlite/test/attribute-indexes.ts';
import { TestDatabase } from '../../src/sqlite/test/database.ts';
import { huntOf } from '../support/hunt.ts';
import { compare, inBrackets } from './indexable-filters.ts';
import { INLINE } from './planned.ts';

const OPERATORS = ['eq', 'eq', 'eq', 'ne', 'sw', 'gt', 'ge', 'lt', 'le', 'co'] as const;
const words = ['a', 'A', 'ab', 'ß', 'SS', 'c', 'İ', 'x'.repeat(254), 'x'.repeat(300)];
const word = fc.constantFrom(...words);
const literal = fc.constantFrom<CompareNode['value']>(...words);
const emails = fc.array(fc.record({ value: word, type: fc.constantFrom('work', 'home') }), {
  maxLength: 3,
});
const users = fc.uniqueArray(fc.record({ userName: word, emails }), {
  maxLength: 5,
  // As the writer keeps names apart.
  selector: ({ userName }) => userName.toUpperCase().toLowerCase(),
});
const filter = junctions(
  fc.oneof(
    compare(['emails.value', 'emails', 'userName'], OPERATORS, literal),
    inBrackets('emails', compare(['value', 'type'], OPERATORS, literal)),
    fc
      .constantFrom('emails', 'emails.value')
      .map((text): FilterNode => ({ kind: 'present', path: { text, at: 0 } })),
  ),
);

t.test('indexes agree with the evaluator', (t) => {
  const registry = compileRegistry(CORE_PROFILE, ['emails.value']);
  const data = new TestDatabase(t, registry);
  const reader = data.reader(t);
  const type = data.type('User');
  const { seed, runs } = huntOf(t, 'PLANS', { seed: 5, runs: 300 });
  fc.assert(
    fc.property(users, fc.array(filter, { minLength: 3, maxLength: 8 }), (people, filters) => {
      const rows = people.map((person, at) => data.user(`u${at}`, person));
      buildIndexes(data.db, type, () => true);
      try {
        for (const each of filters) {
          const types = [{ name: 'User', filter: each, links: false }];
          const start = { by: 'index', startIndex: 1 } as const;
          const query = { endpoint: 1, types, sort: undefined, start, count: 100, base: '' };
          const found = search(reader, registry, query, { ...INLINE, scan: true });
          const holds = compileFilter(each, type);
          const wanted = people.flatMap((person, at) => (holds({ ...person }) ? [`u${at}`] : []));
          const ids = found?.resources.map(({ id }) => id).join();
          if (ids !== wanted.join()) throw new Error(`${printFilter(each)}: ${String(ids)}`);
        }
      } finally {
        for (const row of rows) data.remove('User', row);
      }
    }),
    { seed, numRuns: runs },
  );
  t.pass('no filter differs');
  t.end();
});
