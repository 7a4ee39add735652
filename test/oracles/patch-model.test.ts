/**
 * PATCH equals a naive model of RFC 7644 §3.5.2 on random users and operations: the same document, or
 * a refusal of the same kind. By the letter (all that the preset `rfc-strict` sets) and with the
 * defaults of an endpoint.
 */
import fc from 'fast-check';
import t from 'tap';
import { STRICT } from '../../src/scim/dialect.ts';
import { ScimError } from '../../src/scim/errors.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { isObject } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply.ts';
import type { PatchOptions } from '../../src/scim/patch/operation.ts';
import { body, CORE, OPTIONS, parse, USER } from '../../src/scim/patch/test/patch.ts';
import { anyOperation, anyStoredUser } from './patch-cases.ts';
import {
  operationAsJson,
  patchedByModel,
  type ModelOperation,
  type Outcome,
} from './patch-model.ts';
import { USER_TRAITS } from './patch-model-schema.ts';
import { oracleRuns } from './runs.ts';

/** The members of the preset `rfc-strict` that PATCH goes by. */
const BY_THE_LETTER: PatchOptions = {
  ...OPTIONS,
  ...STRICT,
  patchReplaceCreatesValuePathTarget: false,
  unknownAttributes: 'refuse',
};
/** An endpoint that says nothing, but that it refuses what no schema knows, as the model does. */
const BY_DEFAULT: PatchOptions = { ...OPTIONS, unknownAttributes: 'refuse' };

for (const [how, settings] of [
  ['by the letter', BY_THE_LETTER],
  ['by default', BY_DEFAULT],
] as const) {
  t.test(`a PATCH does what the model of the RFC does, ${how}`, (t) => {
    const counts = { done: 0, refused: 0 };
    const runs = oracleRuns(t, 4000);
    const operations = fc.array(anyOperation, { minLength: 1, maxLength: 3 });
    const property = fc.property(anyStoredUser, operations, (user, given) => {
      const wanted = modelled(user, given, settings);
      if ('refused' in wanted) counts.refused += 1;
      else counts.done += 1;
      compare(outcome(user, given, settings), wanted, given);
    });
    fc.assert(property, runs);
    t.ok(counts.done > runs.numRuns / 3, `${counts.done} of ${runs.numRuns} were done`);
    t.ok(counts.refused > runs.numRuns / 20, `${counts.refused} were refused`);
    t.end();
  });

  t.test(`what the model leaves as it is stays the very document, ${how}`, (t) => {
    let [unchanged, idempotent] = [0, 0];
    const runs = oracleRuns(t, 2000);
    const property = fc.property(anyStoredUser, anyOperation, (user, operation) => {
      const once = outcome(user, [operation], settings);
      if ('refused' in once) return;
      if (!changes(user, operation, once.document, settings)) unchanged += 1;
      const twice = outcome(once.document, [operation], settings);
      if ('refused' in twice) return;
      if (!changes(once.document, operation, twice.document, settings)) idempotent += 1;
    });
    fc.assert(property, runs);
    t.ok(unchanged > runs.numRuns / 20, `${unchanged} of ${runs.numRuns} changed nothing`);
    t.ok(idempotent > runs.numRuns / 3, `${idempotent} changed nothing the second time`);
    t.end();
  });
}

t.test('by the letter, an element stays when a sub-attribute of it goes', (t) => {
  // RFC 7644 §3.5.2.2: the sub-attribute is unassigned; nothing says that its record goes too.
  const user = { schemas: [CORE], id: 'u1', userName: 'a', emails: [{ value: 'a', type: 'work' }] };
  const removal: ModelOperation = {
    op: 'remove',
    path: { name: 'emails', filter: { kind: 'eq', sub: 'type', value: 'work' }, sub: 'value' },
  };
  const left = { ...user, emails: [{ type: 'work' }] };
  t.same(outcome(user, [removal], BY_THE_LETTER), { document: left });
  t.end();
});

t.test('a filter that contradicts itself creates no element', (t) => {
  // What is created must be what the filter asks for, or the next request creates it again.
  const user = { schemas: [CORE], id: 'u1', userName: 'a' };
  const equals = (value: string) => ({ kind: 'eq', sub: 'type', value }) as const;
  const filter = { kind: 'and', filters: [equals('home'), equals('work')] } as const;
  const addition: ModelOperation = {
    op: 'add',
    path: { name: 'emails', filter, sub: 'value' },
    value: 'v',
  };
  compare(outcome(user, [addition], BY_DEFAULT), modelled(user, [addition], BY_DEFAULT), [
    addition,
  ]);
  t.end();
});

t.test('what a request says counts more than an element that becomes the same by it', (t) => {
  const emails = [{ value: 'a' }, { value: 'b', display: 'old' }];
  for (const stored of [emails, emails.toReversed()]) {
    const user = { schemas: [CORE], id: 'u1', userName: 'a', emails: stored };
    const filter = { kind: 'eq', sub: 'value', value: 'a' } as const;
    const value = { value: 'b', display: 'new', primary: true };
    const change: ModelOperation = { op: 'replace', path: { name: 'emails', filter }, value };
    t.same(outcome(user, [change], BY_THE_LETTER), { document: { ...user, emails: [value] } });
  }
  t.end();
});

function modelled(
  user: JsonObject,
  operations: readonly ModelOperation[],
  settings: PatchOptions,
): Outcome {
  return patchedByModel(USER_TRAITS, user, operations, {
    createsTarget: settings.patchReplaceCreatesValuePathTarget,
    dropsLabels: settings.dropLabels,
    readOnlyEchoes: settings.readOnlyEchoes,
    bareValues: settings.bareValues,
    severalPrimaries: settings.severalPrimaries === 'first',
  });
}

/** Whether the model changes it. What does not change is no new version, so it must be the same object. */
function changes(
  user: JsonObject,
  operation: ModelOperation,
  after: JsonObject,
  settings: PatchOptions,
): boolean {
  const wanted = modelled(user, [operation], settings);
  if (shown(wanted) !== shown({ document: user })) return true;
  if (after !== user)
    throw new Error(
      `${JSON.stringify(operationAsJson(operation))} changed ${shown({ document: user })}`,
    );
  return false;
}

function outcome(
  user: JsonObject,
  operations: readonly ModelOperation[],
  settings: PatchOptions,
): Outcome {
  try {
    const message = body(...operations.map(operationAsJson));
    return {
      document: applyPatch(USER, user, parse(USER, message, settings), settings, undefined)
        .document,
    };
  } catch (error) {
    if (!(error instanceof ScimError) || error.status !== 400) throw error;
    return { refused: new Set(error.scimType === undefined ? [] : [error.scimType]) };
  }
}

function compare(found: Outcome, wanted: Outcome, given: readonly ModelOperation[]): void {
  const about = JSON.stringify(given.map(operationAsJson));
  if ('refused' in found && 'refused' in wanted) {
    if ([...found.refused].some((type) => wanted.refused.has(type))) return;
    throw new Error(
      `${about}: ${[...found.refused].join()} is none of ${[...wanted.refused].join()}`,
    );
  }
  const [ours, model] = [shown(found), shown(wanted)];
  if (ours !== model) throw new Error(`${about}:\n ours is  ${ours}\n model is ${model}`);
}

/** `schemas` is written from the data when the document is stored. */
function shown(result: Outcome): string {
  if ('refused' in result) return `400 ${[...result.refused].join()}`;
  const { schemas, ...attributes } = result.document;
  return JSON.stringify(Array.isArray(schemas) ? sorted(attributes) : 'no schemas');
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
