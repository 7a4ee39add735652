/** What holds of every PATCH: fast-check prints the seed of a run that fails. */
import fc from 'fast-check';
import t from 'tap';
import { LENIENT } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { sameValue } from '../same-value.ts';
import { anyOptions } from '../test/any-dialect.ts';
import { anyElements, anyUser } from '../test/any-user.ts';
import { applyPatch, type PatchResult } from './apply.ts';
import type { PatchOptions } from './operation.ts';
import {
  body,
  device,
  DEVICE,
  ENTERPRISE,
  fromText,
  GROUP,
  Members,
  parse,
  user,
  USER,
} from './test/patch.ts';

const RUNS = { numRuns: 2000 };

const path = fc.oneof(
  fc.constantFrom(
    ...['userName', 'active', 'title', 'name', 'NAME.GivenName', 'emails', 'emails.type', 'id'],
    ...['emails[type eq "work"]', 'emails[type eq "work"].value', 'emails[primary eq true].type'],
    ...['phoneNumbers[type eq "fax" and value eq "1"].display', 'emails[not (value pr)]'],
    ...['addresses[type eq "work"].country', 'groups', 'schemas', 'meta.version', 'password'],
    ...[ENTERPRISE, `${ENTERPRISE}:manager`, `${ENTERPRISE}:manager.value`, 'urn:x:y:z'],
    ...['members', 'members[value eq "a"]', 'members[type eq "User"]', 'members.display'],
    ...['displayName', 'externalId', 'serial', 'tags', 'tags[value eq "a"]', 'ports', 'size'],
    ...['ports[type eq "lan"]', 'ports[value eq "eth0"].kind', 'urn:test:Lease:lessor', 'foo.bar'],
  ),
  fc.string({ maxLength: 20 }),
);
const word = fc.constantFrom('a', 'B', 'work', 'home', 'true', 'False', '', 'eth0', '__proto__');
const simple = fc.oneof(word, fc.boolean(), fc.integer(), fc.constant(null));
const key = fc.oneof(word, fc.constantFrom('value', 'Type', 'primary', 'display', 'kind', '$ref'));
const element = fc.oneof(simple, fc.dictionary(key, simple, { maxKeys: 4 }));
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  element,
  fc.array(element, { maxLength: 4 }),
  fc.dictionary(fc.oneof(path, key), fc.oneof(element, fc.array(element, { maxLength: 2 })), {
    maxKeys: 4,
  }),
);
const operation: fc.Arbitrary<JsonObject> = fc.record(
  { op: fc.constantFrom('add', 'replace', 'Replace', 'remove'), path, value },
  { requiredKeys: ['op'] },
);
const resource = fc.constantFrom<readonly [ResourceType, JsonObject]>(
  [USER, user({ [ENTERPRISE]: { manager: { value: 'm', $ref: 'r' } } })],
  [USER, { schemas: [], id: 'u2', userName: 'bare' }],
  [GROUP, { schemas: [], id: 'g', displayName: 'G' }],
  [DEVICE, device({ tags: ['a', 'b'], serial: '1' })],
);

t.test('any request is answered or refused, and the document given stays as it was', (t) => {
  const property = fc.property(
    resource,
    fc.array(operation, { maxLength: 5 }),
    anyOptions,
    ([type, document], operations, settings) => {
      const before = JSON.stringify(document);
      const after = attempt(type, document, body(...operations), settings);
      if (JSON.stringify(document) !== before) throw new Error('changed in place');
      if (after === undefined) return;
      // What the writer stores is text: nothing may be lost or gained on the way.
      same(fromText(JSON.stringify(after.document)), after.document);
    },
  );
  fc.assert(property, RUNS);
  t.end();
});

t.test('the rules of multi-valued attributes hold after any request', (t) => {
  const property = fc.property(
    fc.array(operation, { maxLength: 5 }),
    anyOptions,
    (operations, settings) => {
      const after = attempt(USER, user(), body(...operations), settings);
      for (const name of ['emails', 'phoneNumbers', 'addresses']) {
        const elements = after?.document[name];
        if (elements === undefined) continue;
        if (!Array.isArray(elements) || elements.length === 0)
          throw new Error(`${name} is no list`);
        const texts = elements.map((each) => JSON.stringify(each));
        if (texts.filter((text) => text.includes('"primary":true')).length > 1) {
          throw new Error(`${name}: two primaries`);
        }
        if (new Set(texts).size !== texts.length) throw new Error(`${name}: twice the same`);
      }
    },
  );
  fc.assert(property, RUNS);
  t.end();
});

t.test('an add or replace applied twice is one applied once', (t) => {
  // Paths whose target is the same after the operation as before it.
  const stable = fc.constantFrom(
    ...['userName', 'active', 'title', 'name', 'name.givenName', 'emails', 'addresses'],
    ...['emails[type eq "work"].value', 'emails[type eq "work"].primary', 'emails.display'],
    ...[`${ENTERPRISE}:manager`, `${ENTERPRISE}:department`, 'shoeSize', 'urn:x:y:z', 'foo.bar'],
  );
  const verb = fc.constantFrom('add', 'replace');
  const property = fc.property(verb, stable, value, anyOptions, (op, target, given, settings) => {
    // The strict setting finds no element the second time when the first has emptied it.
    const lenient = { ...settings, patchReplaceCreatesValuePathTarget: true };
    const message = body({ op, path: target, value: given });
    const once = attempt(USER, user(), message, lenient);
    if (once === undefined) return;
    same(attempt(USER, once.document, message, lenient)?.document, once.document);
  });
  fc.assert(property, RUNS);
  t.end();
});

t.test('a remove applied twice is one applied once', (t) => {
  const removal = fc.record({ op: fc.constant('remove'), path, value }, { requiredKeys: ['path'] });
  const property = fc.property(
    resource,
    removal,
    anyOptions,
    ([type, document], given, settings) => {
      const message = body({ op: 'remove', ...given });
      const once = attempt(type, document, message, settings);
      if (once === undefined) return;
      same(attempt(type, once.document, message, settings)?.document, once.document);
    },
  );
  fc.assert(property, RUNS);
  t.end();
});

t.test('what any settings accept means the same under the lenient ones', (t) => {
  let accepted = 0;
  const verb = fc.constantFrom('add', 'replace', 'Replace');
  const list = fc.constantFrom(
    'emails',
    'roles',
    'emails[type eq "work"]',
    'emails[primary eq "True"]',
  );
  const fitting = fc.oneof<fc.Arbitrary<JsonObject>[]>(
    fc.record({ op: verb, value: anyUser }),
    fc.record({ op: verb, path: list, value: anyElements }),
    fc.record({ op: verb, path: list, value: anyElements.map(([first = null]) => first) }),
    fc.record(
      { op: fc.constant('remove'), path: list, value: anyElements },
      { requiredKeys: ['op', 'path'] },
    ),
  );
  const some = fc.array(fitting, { minLength: 1, maxLength: 3 });
  const property = fc.property(some, anyOptions, (given, settings) => {
    const strict = { ...settings, unknownAttributes: 'refuse' } as const;
    const after = attempt(USER, user(), body(...given), strict);
    if (after === undefined) return;
    accepted += 1;
    const lenient = { ...strict, ...LENIENT, dropLabels: settings.dropLabels };
    same(attempt(USER, user(), body(...given), lenient)?.document, after.document);
  });
  fc.assert(property, RUNS);
  t.ok(accepted > 100, `${accepted} requests were accepted`);
  t.end();
});

t.test('an operation that changes nothing gives the document itself', (t) => {
  const pathed = fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), path, value });
  const property = fc.property(
    resource,
    pathed,
    anyOptions,
    ([type, document], given, settings) => {
      const after = attempt(type, document, body(given), settings);
      if (after === undefined || after.document === document) return;
      if (sameValue(after.document, document)) throw new Error('a copy that says the same');
    },
  );
  fc.assert(property, RUNS);
  t.end();
});

/** Throws, unlike an assertion of tap, so that fast-check shrinks to the smallest case. */
function same(found: JsonValue | undefined, wanted: JsonValue): void {
  if (sameValue(found, wanted)) return;
  throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
}

/** Undefined when the request is refused with 400; anything else is thrown. */
function attempt(
  type: ResourceType,
  document: JsonObject,
  message: JsonValue,
  settings: PatchOptions,
): PatchResult | undefined {
  const members = type === GROUP ? new Members('a', 'b') : undefined;
  try {
    return applyPatch(type, document, parse(type, message, settings), settings, members);
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) return undefined;
    throw error;
  }
}
