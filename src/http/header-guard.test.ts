import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { RequestHeaders, checkResponseHeaders } from './header-guard.ts';

function headers(...pairs: readonly (readonly [string, string])[]): RequestHeaders {
  const result = new RequestHeaders();
  for (const [name, value] of pairs) result.add(name, value);
  return result;
}

t.test('a header that decides who asks, where and how much may come once', (t) => {
  for (const name of ['authorization', 'content-length', 'host', 'transfer-encoding']) {
    const twice = headers([name, 'chunked'], ['accept', '*/*'], [name, 'chunked']);
    const failure = { status: 400, message: new RegExp(name), closesConnection: true };
    t.match(
      failureOf(() => twice.check()),
      failure,
      name,
    );
  }
  t.end();
});

t.test('other headers may come twice and are joined', (t) => {
  const twice = headers(['if-match', 'W/"1"'], ['if-match', 'W/"2"']);
  twice.check();
  t.equal(twice.get('if-match'), 'W/"1", W/"2"');
  t.end();
});

t.test('an empty header sent twice is still sent twice', (t) => {
  t.match(
    failureOf(() => headers(['host', ''], ['host', '']).check()),
    { status: 400 },
  );
  t.end();
});

t.test('transfer-encoding takes chunked alone', (t) => {
  headers(['transfer-encoding', 'Chunked']).check();
  for (const encoding of ['gzip', 'gzip, chunked', 'chunked, chunked', 'identity', '']) {
    const failure = { status: 400, closesConnection: true };
    t.match(
      failureOf(() => headers(['transfer-encoding', encoding]).check()),
      failure,
      encoding,
    );
  }
  t.end();
});

t.test('absent headers are undefined, also those an object would inherit', (t) => {
  t.equal(headers().get('host'), undefined);
  t.equal(headers().get('constructor'), undefined);
  t.end();
});

t.test('a response header cannot be ended early', (t) => {
  checkResponseHeaders([
    ['ETag', 'W/"1"'],
    ['Location', 'https://h/scim/v2/Users/1'],
  ]);
  for (const value of [
    'a\rb',
    'a\nb',
    'a\r\nSet-Cookie: b',
    'a\0b',
    'å',
    '€',
    '😀',
    '\x7f',
    '\t',
  ]) {
    t.throws(
      () => checkResponseHeaders([['Location', value]]),
      /"Location"/,
      JSON.stringify(value),
    );
  }
  for (const name of ['', 'a b', 'a:b', 'a\r\n', 'å']) {
    t.throws(() => checkResponseHeaders([[name, 'x']]), Error, JSON.stringify(name));
  }
  t.end();
});
