/**
 * When two elements are the same one is decided alike by POST, PUT and each verb of PATCH: what one
 * has merged, no other adds again.
 */
import fc from 'fast-check';
import t from 'tap';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { canonicalizeValue } from '../resource/value.ts';
import { sameValue } from '../same-value.ts';
import { anyAddresses, anyElements } from '../test/any-user.ts';
import {
  body,
  device,
  DEVICE,
  OPTIONS,
  patchUser,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

const lists = fc.oneof(
  fc.tuple(fc.constantFrom('emails', 'roles', 'ims'), anyElements),
  fc.tuple(fc.constant('addresses'), anyAddresses),
);
const RUNS = { numRuns: 1000 };

t.test('a list means the same to POST, add and replace', (t) => {
  const property = fc.property(lists, ([name, list]) => {
    const posted = postedAs(name, list);
    if (posted === 'refused') return;
    for (const op of ['add', 'replace']) {
      same(patchUser(bare(), { op, path: name, value: list })[name], posted);
    }
    const stored = posted === undefined ? bare() : { ...bare(), [name]: posted };
    for (const op of ['add', 'replace']) {
      const again = patchUser(stored, { op, path: name, value: list });
      if (again !== stored) throw new Error(`${op} of what is there made ${JSON.stringify(again)}`);
    }
  });
  fc.assert(property, RUNS);
  t.end();
});

t.test('elements added one after the other are the list added at once', (t) => {
  const property = fc.property(lists, ([name, list]) => {
    // Each operation that sets a primary clears the one before; of one list the first stays.
    const elements = list.map(withoutPrimary);
    const posted = postedAs(name, elements);
    if (posted === 'refused') return;
    const operations = elements.map((value) => ({ op: 'add', path: name, value: [value] }));
    if (operations.length === 0) return;
    same(patchUser(bare(), ...operations)[name], posted);
  });
  fc.assert(property, RUNS);
  t.end();
});

t.test('a remove of all that was given leaves nothing', (t) => {
  const property = fc.property(lists, ([name, list]) => {
    const posted = postedAs(name, list);
    if (posted === 'refused' || posted === undefined) return;
    const after = patchUser(
      { ...bare(), [name]: posted },
      { op: 'remove', path: name, value: posted },
    );
    same(after[name] ?? null, null);
  });
  fc.assert(property, RUNS);
  t.end();
});

t.test('what a PATCH says of an element holds where that becomes the same as another', (t) => {
  const emails = [
    { value: 'a', type: 'work', primary: true },
    { value: 'b', type: 'work', display: 'old', primary: false },
  ];
  const same = { value: 'b', type: 'work' };
  for (const stored of [emails, emails.toReversed()]) {
    const changedBy = (value: JsonValue) => {
      const change = { op: 'replace', path: 'emails[value eq "a"]', value };
      return elements(patchUser(user({ emails: stored }), change));
    };
    const said = { display: 'new', primary: true };
    t.same(changedBy({ value: 'b', ...said }), [{ ...same, ...said }]);
    t.same(
      changedBy({ value: 'b', display: null, primary: null }),
      [same],
      'also that it has none',
    );
  }
  const value = { ...same, display: null };
  const created = { op: 'replace', path: 'emails[value eq "c"]', value };
  t.same(elements(patchUser(user({ emails }), created))[1], { ...same, primary: false });
  t.end();
});

t.test('an element that becomes the same as another and primary is the only primary', (t) => {
  const emails = [{ value: 'a' }, { value: 'b', primary: false }, { value: 'c', primary: true }];
  const value = { value: 'b', primary: true };
  const change = { op: 'replace', path: 'emails[value eq "a"]', value };
  t.same(elements(patchUser(user({ emails }), change)), [value, { value: 'c', primary: false }]);
  t.end();
});

t.test('an element that another becomes keeps its spelling and its reference', (t) => {
  const emails = [{ value: 'b', $ref: 'r' }, { value: 'a' }];
  const change = { op: 'replace', path: 'emails[value eq "a"]', value: { value: 'B' } };
  t.same(elements(patchUser(user({ emails }), change)), [{ value: 'b', $ref: 'r' }]);
  t.end();
});

t.test('what is immutable in an element is not changed by another that becomes it', (t) => {
  const ports = [{ value: 'a' }, { value: 'b', kind: 'copper' }];
  const value = { value: 'b', kind: 'fibre' };
  const change = body({ op: 'replace', path: 'ports[value eq "a"]', value });
  const act = () => patchWith(DEVICE, device({ ports }), change);
  t.match(refusal(act), /^400 mutability ports.kind is immutable/);
  t.end();
});

function elements(document: JsonObject): readonly JsonValue[] {
  const { emails } = document;
  return Array.isArray(emails) ? emails : [];
}

function bare() {
  const { schemas = [], id = '', userName = '' } = user();
  return { schemas, id, userName };
}

function postedAs(name: string, list: JsonValue): JsonValue | undefined {
  const attribute = USER.attributes.named(name);
  if (attribute === undefined) throw new Error(`no ${name}`);
  try {
    return canonicalizeValue(attribute, list, OPTIONS);
  } catch {
    return 'refused';
  }
}

function withoutPrimary(element: JsonValue): JsonValue {
  if (!isObject(element)) return element;
  return Object.fromEntries(Object.entries(element).filter(([key]) => key !== 'primary'));
}

/** Throws, unlike an assertion of tap, so that fast-check shrinks to the smallest case. */
function same(found: JsonValue | undefined, wanted: JsonValue | undefined): void {
  if (sameValue(found, wanted)) return;
  throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
}
