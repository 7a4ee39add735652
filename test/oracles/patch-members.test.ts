/**
 * The members of a group under random PATCHes equal a set that RFC 7644 §3.5.2 is carried out on by
 * the letter: who is in it, whether the request was refused, and whether anything changed.
 */
import fc from 'fast-check';
import t from 'tap';
import { STRICT } from '../../src/scim/dialect.ts';
import { ScimError } from '../../src/scim/errors.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply.ts';
import type { PatchOptions } from '../../src/scim/patch/operation.ts';
import { body, GROUP, Members, OPTIONS, parse } from '../../src/scim/patch/test/patch.ts';
import { agree, oracleRuns } from './runs.ts';

const SETTINGS: PatchOptions = {
  ...OPTIONS,
  ...STRICT,
  patchReplaceCreatesValuePathTarget: false,
  unknownAttributes: 'refuse',
};

type Operation =
  | { readonly op: 'add' | 'replace'; readonly ids: readonly string[]; readonly hasPath: boolean }
  | { readonly op: 'remove' | 'change'; readonly filter: Selection }
  | { readonly op: 'removeAll' | 'renameAway' };

interface Selection {
  readonly text: string;
  readonly selects: (id: string) => boolean;
}

const id = fc.constantFrom('a', 'b', 'c', 'A');
const equal = id.map((given): Selection => {
  return { text: `value eq "${given}"`, selects: (member) => member === given };
});
const selection: fc.Arbitrary<Selection> = fc.oneof(
  equal,
  fc.tuple(equal, equal).map(([one, other]): Selection => {
    const selects = (member: string) => one.selects(member) || other.selects(member);
    return { text: `${one.text} or ${other.text}`, selects };
  }),
  equal.map(({ text, selects }): Selection => {
    return { text: `not (${text})`, selects: (member) => !selects(member) };
  }),
  fc.constant<Selection>({ text: 'type eq "user"', selects: () => true }),
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    op: fc.constantFrom('add' as const, 'replace' as const),
    ids: fc.array(id, { maxLength: 3 }),
    hasPath: fc.boolean(),
  }),
  fc.record({ op: fc.constant('remove' as const), filter: selection }),
  fc.oneof(
    fc.record({ op: fc.constant('change' as const), filter: selection }),
    fc.record({ op: fc.constantFrom('removeAll' as const, 'renameAway' as const) }),
  ),
);

t.test('members are the set that the RFC makes of it', (t) => {
  const counts = { done: 0, refused: 0, same: 0 };
  const runs = oracleRuns(t, 3000);
  const before = fc.uniqueArray(id, { maxLength: 3 });
  const operations = fc.array(operation, { minLength: 1, maxLength: 4 });
  const property = fc.property(before, operations, (ids, given) => {
    const about = { ids, operations: given.map(asJson) };
    const wanted = modelled(ids, given);
    const members = new Members(...ids);
    const found = outcome(members, given);
    if (typeof wanted === 'string') {
      counts.refused += 1;
      agree(found, wanted, about);
      return;
    }
    counts.done += 1;
    agree([...members.ids].sort(), [...wanted].sort(), about);
    const [only, ...others] = given;
    if (only === undefined || others.length > 0) return;
    const isSame = ids.length === wanted.size && ids.every((each) => wanted.has(each));
    if (isSame) counts.same += 1;
    agree(found, isSame ? 'as it was' : 'changed', about);
  });
  fc.assert(property, runs);
  for (const [what, count] of Object.entries(counts)) {
    t.ok(count > runs.numRuns / 20, `${what}: ${count} of ${runs.numRuns}`);
  }
  t.end();
});

/** The scimType of a refusal, or the members after. */
function modelled(ids: readonly string[], operations: readonly Operation[]): string | Set<string> {
  const members = new Set(ids);
  for (const each of operations) {
    switch (each.op) {
      case 'add':
      case 'replace':
        if (each.op === 'replace') members.clear();
        for (const given of each.ids) members.add(given);
        break;
      case 'remove':
        for (const member of members) if (each.filter.selects(member)) members.delete(member);
        break;
      case 'removeAll':
        members.clear();
        break;
      case 'change':
        // RFC 7643 §4.2: members.value is immutable.
        return 'mutability';
      case 'renameAway':
        // RFC 7643 §4.2: displayName is REQUIRED; RFC 7644 §3.5.2.2.
        return 'mutability';
    }
  }
  return members;
}

function asJson(given: Operation): JsonObject {
  switch (given.op) {
    case 'add':
    case 'replace': {
      const values = given.ids.map((value) => ({ value }));
      if (given.hasPath) return { op: given.op, path: 'members', value: values };
      return { op: given.op, value: { members: values } };
    }
    case 'remove':
      return { op: 'remove', path: `members[${given.filter.text}]` };
    case 'change':
      return { op: 'replace', path: `members[${given.filter.text}].value`, value: 'z' };
    case 'removeAll':
      return { op: 'remove', path: 'members' };
    case 'renameAway':
      return { op: 'remove', path: 'displayName' };
  }
}

function outcome(members: Members, operations: readonly Operation[]): string {
  const group = { schemas: [], id: 'g', displayName: 'G' };
  try {
    const parsed = parse(GROUP, body(...operations.map(asJson)), SETTINGS);
    const { document, membershipChanged } = applyPatch(GROUP, group, parsed, SETTINGS, members);
    return membershipChanged || document !== group ? 'changed' : 'as it was';
  } catch (error) {
    if (!(error instanceof ScimError) || error.status !== 400) throw error;
    return error.scimType ?? 'none';
  }
}
