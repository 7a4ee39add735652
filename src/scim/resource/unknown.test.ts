/** Attributes that the schema does not know: dropped, kept or refused. */
import t from 'tap';
import type { JsonValue } from '../json.ts';
import { ENTERPRISE, userType } from '../schema/test/types.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { DROP, KEEP, parsed, readUser, REFUSE, refused } from './test/reading.ts';

const UNKNOWN = 'urn:example:unknown:User';
const unknown = { foo: 1, name: { foo: 'x' }, [ENTERPRISE]: { foo: [1] }, [UNKNOWN]: { a: 1 } };

t.test('drop leaves nothing of them', async (t) => {
  t.same(readUser({ ...unknown, emails: [{ value: 'a', foo: 1 }] }), { emails: [{ value: 'a' }] });
});

t.test('keep leaves them as they are, where they are', async (t) => {
  t.same(readUser(unknown, KEEP), unknown);
  const foo = { deep: [{ er: null }], Case: { case: 1 } };
  t.same(readUser({ foo }, KEEP), { foo });
  t.same(readUser({ foo: null, bar: [] }, KEEP), {}, 'unassigned is unassigned');
});

t.test('refuse names the attribute', async (t) => {
  for (const [attributes, path] of [
    [{ foo: 1 }, 'foo'],
    [{ name: { foo: 1 } }, 'name.foo'],
    [{ emails: [{ foo: 1 }] }, 'emails.foo'],
    [{ [ENTERPRISE]: { foo: 1 } }, `${ENTERPRISE}:foo`],
    [{ [ENTERPRISE]: { manager: { foo: 1 } } }, `${ENTERPRISE}:manager.foo`],
    [{ [UNKNOWN]: {} }, UNKNOWN],
    [{ 'name.foo': 1 }, 'name.foo'],
    [{ foo: null }, 'foo'],
  ] as const) {
    const body = { userName: 'u', ...attributes } as unknown as JsonValue;
    refused(
      t,
      () => canonicalizeResource(userType, body, REFUSE),
      'invalidSyntax',
      `the schema has no attribute ${JSON.stringify(path)}; /Schemas lists those it has`,
    );
  }
});

t.test('keys that reach into a prototype are dropped, or refused when kept', async (t) => {
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    for (const [text, path] of [
      [`{"userName":"u","${key}":{"admin":true}}`, key],
      [`{"userName":"u","name":{"${key}":{"admin":true}}}`, `name.${key}`],
      [`{"userName":"u","foo":[{"${key}":1}]}`, `foo.${key}`],
      [`{"userName":"u","${ENTERPRISE}":{"manager":{"${key}":1}}}`, `${ENTERPRISE}:manager.${key}`],
    ] as const) {
      const body = parsed(text);
      const dropped = canonicalizeResource(userType, body, DROP);
      t.same(Object.keys(dropped), ['userName'], text);
      t.equal(dropped['admin'], undefined);
      refused(
        t,
        () => canonicalizeResource(userType, body, KEEP),
        'invalidSyntax',
        `${JSON.stringify(path)}: no attribute may be called ${key}`,
      );
    }
  }
});

t.test('a value of 20,000 levels is dropped unread', async (t) => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const body = parsed(`{"userName":"u","foo":${deep},"meta":${deep},"groups":${deep}}`);
  t.same(canonicalizeResource(userType, body, DROP), { userName: 'u' });
  refused(
    t,
    () => canonicalizeResource(userType, body, KEEP),
    'invalidSyntax',
    '"foo" is nested deeper than 32 levels',
  );
});

t.test('a value where the schema has one is refused without walking it', async (t) => {
  const body = parsed(`{"userName":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`);
  refused(
    t,
    () => canonicalizeResource(userType, body, DROP),
    'invalidValue',
    'userName must be a string, but is an object',
  );
});

t.test('32 levels are kept', async (t) => {
  const deep = parsed(`${'['.repeat(32)}1${']'.repeat(32)}`);
  t.same(readUser({ foo: deep }, KEEP), { foo: deep });
  refused(
    t,
    () => readUser({ foo: [deep] }, KEEP),
    'invalidSyntax',
    '"foo" is nested deeper than 32 levels',
  );
});

t.test('a long key is cut in the detail', async (t) => {
  const body = { userName: 'u', ['k'.repeat(5000)]: 1 };
  refused(
    t,
    () => canonicalizeResource(userType, body, REFUSE),
    'invalidSyntax',
    `the schema has no attribute "${'k'.repeat(80)}…"; /Schemas lists those it has`,
  );
});
