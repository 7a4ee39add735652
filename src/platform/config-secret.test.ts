import t from 'tap';
import { loadConfig } from './config.ts';
import { STRONG } from './test/config-failure.ts';

function loadWith(secret: string | undefined, environment: string): () => string | undefined {
  return () => loadConfig({ NODE_ENV: environment, SCIM_SHARED_SECRET: secret }).sharedSecret;
}

t.test('production refuses a missing or weak secret and never repeats it', (t) => {
  const weak: readonly [secret: string | undefined, why: string][] = [
    [undefined, 'is not set'],
    ['', 'is not set'],
    [STRONG.slice(1), 'has only 31'],
    ['a'.repeat(40), 'repeats a few characters'],
    ['changeme'.repeat(4), 'repeats a few characters'],
    ['0123456789abcdef'.repeat(2), 'repeats itself'],
    ['change-me-1234567890-abcdefghijkl', 'is a placeholder that anybody would try'],
    ['your_token_1234567890_abcdefghijk', 'is a placeholder that anybody would try'],
    ['SuperSecret-1234567890-abcdefghij', 'is a placeholder that anybody would try'],
  ];
  for (const [secret, why] of weak) {
    t.throws(loadWith(secret, 'production'), {
      name: 'ConfigError',
      variable: 'SCIM_SHARED_SECRET',
      message: `SCIM_SHARED_SECRET: takes a bearer token of at least 32 characters (openssl rand -hex 32), but ${why}`,
    });
  }
  t.end();
});

t.test('production takes random secrets of the usual forms', (t) => {
  const strong = [
    STRONG,
    '9b2c1f4e-7a63-4d0e-b1d8-2f6c5a9e3b70',
    'q3J8vN+1xZ/4tKpWm2Lr7yDcUb5EhGoSaVf0iX6TjQk=',
    'eyJhbGciOi.JIUzI1NiJ9_xyz~AbCdEf-1234',
  ];
  for (const secret of strong) t.equal(loadWith(secret, 'production')(), secret);
  t.end();
});

t.test('elsewhere any bearer token will do', (t) => {
  t.equal(loadWith('secret', 'development')(), 'secret');
  t.equal(loadWith(undefined, 'development')(), undefined);
  t.equal(loadWith('x', 'test')(), 'x');
  t.end();
});

t.test('a secret that cannot stand in a header is refused everywhere, unseen', (t) => {
  for (const secret of ['two words', 'pässword', 'line\nbreak', '"quoted"', 'a=b']) {
    for (const environment of ['development', 'production']) {
      t.throws(loadWith(secret, environment), {
        message:
          'SCIM_SHARED_SECRET: takes letters, digits and -._~+/= only, as a bearer token, but is of another form',
      });
    }
  }
  t.end();
});
