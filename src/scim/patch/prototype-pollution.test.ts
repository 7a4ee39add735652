import t from 'tap';
import { ScimError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { applyPatch } from './apply.ts';
import { fromText, LIMITS, OPTIONS, user, USER } from './test/patch.ts';
import { parsePatch } from './parse.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
];
const PATHS = NAMES.flatMap((name) => [
  name,
  `${name}.polluted`,
  `name.${name}`,
  `emails[type eq "work"].${name}`,
  `urn:example:${name}:polluted`,
  `urn:example:x:${name}`,
  `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:${name}`,
]);
const VALUES = [
  '{"polluted":true}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '[{"__proto__":{"polluted":true}}]',
  '"x"',
];

t.test('no path and no value reaches a prototype', (t) => {
  const builtIn = Object.getOwnPropertyNames(Object.prototype).sort();
  for (const unknownAttributes of ['drop', 'keep', 'refuse'] as const) {
    for (const text of messages()) {
      const message = fromText(text);
      let after: JsonValue = null;
      try {
        const options = { ...OPTIONS, unknownAttributes };
        const operations = parsePatch(message, USER, LIMITS, options);
        after = applyPatch(USER, user(), operations, options, undefined).document;
      } catch (error) {
        if (!(error instanceof ScimError)) t.fail(`${text}: ${String(error)}`);
      }
      if (after !== null && Object.getPrototypeOf(after) !== Object.prototype) t.fail(text);
    }
  }
  t.equal(Reflect.get({}, 'polluted'), undefined);
  t.strictSame(Object.getOwnPropertyNames(Object.prototype).sort(), builtIn);
  t.end();
});

t.test('names of inherited functions are absent attributes until somebody stores them', (t) => {
  const message = { Operations: [{ op: 'add', path: 'toString', value: ['x'] }] };
  const keep = { ...OPTIONS, unknownAttributes: 'keep' } as const;
  const operations = parsePatch(message, USER, LIMITS, keep);
  const { document } = applyPatch(USER, user(), operations, keep, undefined);
  t.strictSame(Object.entries(document).at(-1), ['toString', ['x']]);
  t.end();
});

/** As texts, because a literal `__proto__` in code would set a prototype here. */
function* messages(): Generator<string> {
  for (const path of PATHS) {
    const quoted = JSON.stringify(path);
    for (const value of VALUES) {
      for (const op of ['add', 'replace', 'remove']) {
        yield `{"Operations":[{"op":"${op}","path":${quoted},"value":${value}}]}`;
      }
      yield `{"Operations":[{"op":"add","value":{${quoted}:${value}}}]}`;
      yield `{"Operations":[{"op":"replace","path":"name","value":{${quoted}:${value}}}]}`;
    }
  }
  for (const value of VALUES) yield `{"Operations":[{"op":"replace","value":${value}}]}`;
}
