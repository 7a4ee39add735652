import t from 'tap';
import { RequestHeaders } from './header-guard.ts';
import { requestIdOf } from './request-id.ts';

function idFor(...given: readonly string[]): string {
  const headers = new RequestHeaders();
  for (const value of given) headers.add('x-request-id', value);
  return requestIdOf(headers, { next: () => 'ours' }, 128);
}

t.test('a sane id of the client is kept', (t) => {
  for (const id of ['a', '0190-7f', 'a/b+c=:;,.!~', 'x'.repeat(128)]) t.equal(idFor(id), id);
  t.end();
});

t.test('any other is replaced', (t) => {
  const others = [
    '',
    'a b',
    "a'b",
    'a"b',
    'a\\b',
    'a\nb',
    'a\tb',
    'å',
    '\x7f',
    '`x`',
    '$(x)',
    '<b>',
    'a|b',
    'x'.repeat(129),
  ];
  for (const id of others) t.equal(idFor(id), 'ours', JSON.stringify(id));
  t.equal(idFor(), 'ours');
  t.equal(idFor('a', 'b'), 'ours', 'two ids name nothing');
  t.end();
});
