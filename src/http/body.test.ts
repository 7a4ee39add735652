import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { parseJsonBody } from './body.ts';

const refused = { status: 400, scimType: 'invalidSyntax' };

t.test('JSON of any kind is parsed; what it must be is for the controller', (t) => {
  t.same(parseJsonBody('{"a":[1,"å€😀",null,true]}', 8), { a: [1, 'å€😀', null, true] });
  t.same(parseJsonBody('[]', 8), []);
  t.equal(parseJsonBody('null', 8), null);
  t.end();
});

t.test('an empty body is told apart from a broken one', (t) => {
  for (const text of ['', ' ', '\n\t'])
    t.match(
      failureOf(() => parseJsonBody(text, 8)),
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
      failureOf(() => parseJsonBody(text, 8)),
      { ...refused, message: /^the body is not valid JSON[^\n]*$/ },
      text,
    );
    t.match(
      failureOf(() => parseJsonBody(text, 8)),
      { message: /^(?!.*secret)/ },
      text,
    );
  }
  t.end();
});

t.test('depth is bounded, so that nothing behind runs out of stack', (t) => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  t.doesNotThrow(() => parseJsonBody(nested(8), 8));
  t.match(
    failureOf(() => parseJsonBody(nested(9), 8)),
    { ...refused, message: /8 levels/ },
  );
  t.match(
    failureOf(() => parseJsonBody('{"a":'.repeat(9) + '1' + '}'.repeat(9), 8)),
    refused,
  );
  t.match(
    failureOf(() => parseJsonBody(nested(20_000), 64)),
    refused,
  );
  t.end();
});

t.test('__proto__ and constructor are keys like others and reach no prototype', (t) => {
  const body = parseJsonBody('{"__proto__":{"admin":true},"constructor":1}', 8);
  t.same(Object.keys(Object(body) as object), ['__proto__', 'constructor']);
  t.equal(Reflect.get({}, 'admin'), undefined);
  t.end();
});
