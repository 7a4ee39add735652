import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { baseUrl } from './base-url.ts';
import { RequestHeaders } from './header-guard.ts';

function headers(fields: Record<string, string>): RequestHeaders {
  const result = new RequestHeaders();
  for (const [name, value] of Object.entries(fields)) result.add(name, value);
  return result;
}

const FORWARDED = headers({
  host: 'inner:8080',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'scim.example.com',
});

t.test('PUBLIC_URL wins over everything', (t) => {
  const options = { publicUrl: 'https://p.example/base', trustProxy: true };
  t.equal(baseUrl(FORWARDED, options), 'https://p.example/base');
  t.equal(baseUrl(headers({ host: '\r\n' }), options), 'https://p.example/base');
  t.end();
});

t.test('a proxy is believed only when it is trusted', (t) => {
  t.equal(baseUrl(FORWARDED, { publicUrl: undefined, trustProxy: false }), 'http://inner:8080');
  t.equal(
    baseUrl(FORWARDED, { publicUrl: undefined, trustProxy: true }),
    'https://scim.example.com',
  );
  t.end();
});

t.test('who speaks TLS itself says https, unless a trusted proxy says what it spoke', (t) => {
  const own = { publicUrl: undefined, trustProxy: false, tls: {} };
  t.equal(baseUrl(headers({ host: 'scim.example' }), own), 'https://scim.example');
  const behind = { ...own, trustProxy: true };
  t.equal(baseUrl(headers({ host: 'scim.example' }), behind), 'https://scim.example');
  const spoken = headers({ host: 'scim.example', 'x-forwarded-proto': 'http' });
  t.equal(baseUrl(spoken, behind), 'http://scim.example');
  t.end();
});

t.test('of a chain of proxies the first counts; what none says comes from Host', (t) => {
  const options = { publicUrl: undefined, trustProxy: true };
  const chain = headers({
    host: 'inner',
    'x-forwarded-proto': 'HTTPS, http',
    'x-forwarded-host': 'a.example , b.example',
  });
  t.equal(baseUrl(chain, options), 'https://a.example');
  t.equal(baseUrl(headers({ host: 'h', 'x-forwarded-proto': 'https' }), options), 'https://h');
  t.equal(baseUrl(headers({ host: 'h' }), options), 'http://h');
  t.end();
});

t.test('hosts with ports and addresses', (t) => {
  const options = { publicUrl: undefined, trustProxy: false };
  for (const host of ['h', 'h:80', '127.0.0.1:8080', '[::1]', '[2001:db8::1]:443', 'a_b.c-d.e.']) {
    t.equal(baseUrl(headers({ host }), options), `http://${host}`);
  }
  t.end();
});

t.test('anything that is no host is refused', (t) => {
  const bad = [
    '',
    ' ',
    'a b',
    'a/b',
    'a@b',
    'a:b',
    'a:123456',
    'a"b',
    '<x>',
    'a\nb',
    'å',
    '[::1',
    '-a',
  ];
  for (const host of bad) {
    const failure = { status: 400, scimType: 'invalidValue' };
    const direct = { publicUrl: undefined, trustProxy: false };
    t.match(
      failureOf(() => baseUrl(headers({ host }), direct)),
      failure,
      JSON.stringify(host),
    );
    const forwarded = headers({ host: 'h', 'x-forwarded-host': host });
    const proxied = { publicUrl: undefined, trustProxy: true };
    t.match(
      failureOf(() => baseUrl(forwarded, proxied)),
      failure,
      JSON.stringify(host),
    );
  }
  t.match(
    failureOf(() => baseUrl(headers({}), { publicUrl: undefined, trustProxy: false })),
    {
      status: 400,
    },
  );
  const script = headers({ host: 'h', 'x-forwarded-proto': 'javascript' });
  t.match(
    failureOf(() => baseUrl(script, { publicUrl: undefined, trustProxy: true })),
    { status: 400 },
  );
  t.end();
});
