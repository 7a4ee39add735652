import t from 'tap';
import type { JsonValue } from '../json.ts';
import { body, CORE, ENTERPRISE, LIMITS, parse, PATCH_OP, refusal, USER } from './test/patch.ts';

const OPERATION = { op: 'replace', path: 'active', value: false };
const PARSED = [{ op: 'replace', path: { text: 'active', attribute: 'active' }, value: false }];

t.test('keys of the message come in any case and order, schemas may be missing', (t) => {
  const messages: readonly JsonValue[] = [
    { Operations: [OPERATION], schemas: [PATCH_OP] },
    { operations: [OPERATION] },
    { SCHEMAS: [PATCH_OP.toUpperCase(), 'urn:other'], OPERATIONS: [OPERATION] },
    { Operations: [{ OP: 'REPLACE', Path: 'active', VALUE: false }] },
    { Operations: [{ ...OPERATION, name: 'an extra key' }] },
  ];
  for (const message of messages) t.strictSame(parse(USER, message), PARSED);
  t.end();
});

t.test('a message that is no PatchOp is refused with invalidSyntax', (t) => {
  const messages: readonly (readonly [JsonValue, RegExp])[] = [
    [[OPERATION], /a PATCH body must be a JSON object, but is an array/],
    [null, /a PATCH body must be a JSON object, but is null/],
    [{}, /Operations must be an array of one or more operations/],
    [{ Operations: [] }, /Operations must be an array of one or more/],
    [{ Operations: OPERATION }, /Operations must be an array of one or more/],
    [{ schemas: [CORE], Operations: [OPERATION] }, /schemas must be an array that holds "urn/],
    [{ schemas: PATCH_OP, Operations: [OPERATION] }, /schemas must be an array/],
    [body('x'), /Operations\[0\] must be an object, but is a string/],
    [body(OPERATION, null), /Operations\[1\] must be an object, but is null/],
    [body({ path: 'active', value: false }), /Operations\[0\].op must be .* but is absent/],
    [body({ op: 'move', path: 'a' }), /Operations\[0\].op must be .* but is "move"/],
    [body({ op: 1 }), /Operations\[0\].op must be .* but is a number/],
  ];
  for (const [message, expected] of messages) {
    const text = refusal(() => parse(USER, message));
    t.match(text, /^400 invalidSyntax /);
    t.match(text, expected);
  }
  t.end();
});

t.test('what is wrong with one operation names it', (t) => {
  const operations: readonly (readonly [JsonValue, RegExp])[] = [
    [{ op: 'add', path: 'title' }, /^400 invalidValue Operations\[0\]: add needs a value/],
    [
      { op: 'replace', value: 'x' },
      /^400 invalidValue Operations\[0\]: without a path, value must/,
    ],
    [{ op: 'add', path: 5, value: 1 }, /^400 invalidPath Operations\[0\].path must be a string/],
    [{ op: 'add', path: 'emails[', value: 1 }, /^400 invalid(Path|Filter) /],
    [{ op: 'add', path: 'a b', value: 1 }, /^400 invalidPath /],
    [
      { op: 'remove', path: 'emails[nope eq 1]' },
      /^400 invalidFilter .*emails has no sub-attribute/,
    ],
    [{ op: 'remove', path: 'emails[primary gt true]' }, /^400 invalidFilter /],
    [{ op: 'remove', path: 'title[value eq "x"]' }, /^400 invalidPath .* which title is not/],
    [{ op: 'add', value: { 'emails[type eq': 1 } }, /^400 invalid(Path|Filter) /],
  ];
  for (const [operation, expected] of operations) {
    t.match(
      refusal(() => parse(USER, body(operation))),
      expected,
      JSON.stringify(operation),
    );
  }
  t.end();
});

t.test('the number of operations is bounded', (t) => {
  const most = Array.from({ length: LIMITS.maxOperations }, () => OPERATION);
  t.equal(parse(USER, body(...most)).length, LIMITS.maxOperations);
  const expected = /^400 invalidValue Operations: more than 100 attributes to change/;
  t.match(
    refusal(() => parse(USER, body(...most, OPERATION))),
    expected,
  );
  const many = Object.fromEntries(most.map((_, at) => [`emails[type eq "${at}"].value`, 'x']));
  const expanded = { op: 'add', value: { ...many, title: 'T' } };
  t.match(
    refusal(() => parse(USER, body(expanded))),
    expected,
    'also without a path',
  );
  t.end();
});

t.test('a value without a path becomes one operation per attribute, in order', (t) => {
  const value = {
    active: true,
    'name.givenName': 'B',
    [`${CORE}:title`]: 'T',
    [`${ENTERPRISE}:manager.value`]: 'm',
    'emails[type eq "work"].value': 'x@y',
    [ENTERPRISE]: { department: 'D', 'manager.$ref': 'r' },
    [CORE]: { nickName: 'N' },
    id: 'ignored',
  };
  const paths = parse(USER, body({ op: 'add', value })).map(({ op, path }) => `${op} ${path.text}`);
  t.strictSame(paths, [
    'add active',
    'add name.givenName',
    `add ${CORE}:title`,
    `add ${ENTERPRISE}:manager.value`,
    'add emails[type eq "work"].value',
    `add ${ENTERPRISE}:department`,
    `add ${ENTERPRISE}:manager.$ref`,
    'add nickName',
  ]);
  t.end();
});

t.test('client text stays on one line of bounded length in details', (t) => {
  const path = `emails[type eq "${'x'.repeat(300)}\\r\\nå€😀"].value`;
  const text = refusal(() =>
    parse(USER, body({ op: 'add', path: 'title', value: { [path]: 1 } }, { op: `\r\n${path}` })),
  );
  t.ok(text.length < 300);
  t.notMatch(text, /[\r\n]/);
  t.end();
});
