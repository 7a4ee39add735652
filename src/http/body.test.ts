import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { parseJsonBody } from './body.ts';

const LIMITS = { jsonDepth: 8, jsonObjectKeys: 4, jsonNames: 6 };
const refused = { status: 400, scimType: 'invalidSyntax' };

t.test('JSON of any kind is parsed; what it must be is for the controller', (t) => {
  t.same(parseJsonBody('{"a":[1,"å€😀",null,true]}', LIMITS), { a: [1, 'å€😀', null, true] });
  t.same(parseJsonBody('[]', LIMITS), []);
  t.equal(parseJsonBody('null', LIMITS), null);
  t.end();
});

t.test('an empty body is told apart from a broken one', (t) => {
  for (const text of ['', ' ', '\n\t'])
    t.match(
      failureOf(() => parseJsonBody(text, LIMITS)),
      { ...refused, message: /empty/ },
    );
  t.end();
});

t.test('broken JSON: one line that does not quote the body', (t) => {
  for (const text of [
    '{',
    '{"secret":x}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":01}',
    '{"a":"\n"}',
    'NaN',
  ]) {
    t.match(
      failureOf(() => parseJsonBody(text, LIMITS)),
      { ...refused, message: /^the body is not valid JSON[^\n]*$/ },
      text,
    );
    t.match(
      failureOf(() => parseJsonBody(text, LIMITS)),
      { message: /^(?!.*secret)/ },
      text,
    );
  }
  t.end();
});

t.test('depth is bounded, so that nothing behind runs out of stack', (t) => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  t.doesNotThrow(() => parseJsonBody(nested(8), LIMITS));
  t.match(
    failureOf(() => parseJsonBody(nested(9), LIMITS)),
    { ...refused, message: /8 levels/ },
  );
  t.match(
    failureOf(() => parseJsonBody('{"a":'.repeat(9) + '1' + '}'.repeat(9), LIMITS)),
    refused,
  );
  t.match(
    failureOf(() => parseJsonBody(nested(20_000), { ...LIMITS, jsonDepth: 64 })),
    refused,
  );
  t.end();
});

t.test('an object of many keys is refused before it is built', (t) => {
  const object = (keys: number): string =>
    `{${Array.from({ length: keys }, (_, at) => `"k${at}":1`).join(',')}}`;
  t.doesNotThrow(() => parseJsonBody(object(4), LIMITS));
  t.match(
    failureOf(() => parseJsonBody(object(5), LIMITS)),
    { ...refused, message: 'the body has an object of more than 4 keys' },
  );
  t.end();
});

t.test('__proto__ and constructor are keys like others and reach no prototype', (t) => {
  const body = parseJsonBody('{"__proto__":{"admin":true},"constructor":1}', LIMITS);
  t.same(Object.keys(Object(body) as object), ['__proto__', 'constructor']);
  t.equal(Reflect.get({}, 'admin'), undefined);
  t.end();
});
