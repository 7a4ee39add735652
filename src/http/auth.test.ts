import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { sharedSecretAuthenticator } from './auth.ts';
import { RequestHeaders } from './header-guard.ts';

const SECRET = 'correct-horse-battery-staple';
const door = sharedSecretAuthenticator(SECRET, 64);

function enter(authorization: string | undefined): void {
  const headers = new RequestHeaders();
  if (authorization !== undefined) headers.add('authorization', authorization);
  door.authenticate(headers, 'scim');
}

t.test('the token opens, whatever the case of the scheme', (t) => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    t.doesNotThrow(() => enter(`${scheme} ${SECRET}`), scheme);
  }
  t.doesNotThrow(() => enter(`Bearer   ${SECRET}`));
  t.end();
});

t.test('no token: a challenge without error (RFC 6750 §3.1)', (t) => {
  const headers = [['WWW-Authenticate', 'Bearer realm="scim"']];
  t.match(
    failureOf(() => enter(undefined)),
    { status: 401, headers },
  );
  t.end();
});

t.test('a wrong token: a challenge that says so', (t) => {
  const wrong = [
    'Bearer',
    'Bearer ',
    `Basic ${SECRET}`,
    SECRET,
    `Bearer ${SECRET}x`,
    `Bearer ${SECRET.slice(0, -1)}`,
    `Bearer ${SECRET.slice(0, -1)}X`,
    `Bearer ${SECRET} ${SECRET}`,
    `Bearer ${SECRET.toUpperCase()}`,
    `Bearer ${'x'.repeat(1000)}`,
    `BearerX ${SECRET}`,
    `Bearer ${'å'.repeat(14)}`,
  ];
  const headers = [['WWW-Authenticate', 'Bearer realm="scim", error="invalid_token"']];
  for (const authorization of wrong) {
    t.match(
      failureOf(() => enter(authorization)),
      { status: 401, headers },
      authorization,
    );
  }
  t.end();
});

t.test('a refusal does not repeat what was sent', (t) => {
  t.match(
    failureOf(() => enter('Bearer leaked-token')),
    { message: /^(?!.*leaked)/ },
  );
  t.end();
});
