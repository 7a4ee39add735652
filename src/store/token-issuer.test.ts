import t from 'tap';
import { parseSettings } from './settings.ts';

const WHOLE = {
  issuer: 'https://login.example/tenant/v2.0',
  audience: 'api://scimlane',
  jwksUri: 'https://login.example/tenant/discovery/v2.0/keys',
};

t.test('an issuer with and without subject, and none', (t) => {
  t.equal(parseSettings({}).tokenIssuer, undefined);
  t.strictSame(parseSettings({ tokenIssuer: WHOLE }).tokenIssuer, { ...WHOLE, subject: undefined });
  const subject = 'somebody';
  t.strictSame(parseSettings({ tokenIssuer: { ...WHOLE, subject } }).tokenIssuer, {
    ...WHOLE,
    subject,
  });
  t.end();
});

t.test('what is wrong is named, with what would be right', (t) => {
  const cases: readonly [unknown, string][] = [
    [null, 'config.tokenIssuer takes an object'],
    ['x', 'config.tokenIssuer takes an object'],
    [[], 'config.tokenIssuer takes an object'],
    [{}, 'config.tokenIssuer.jwksUri takes a text'],
    [{ ...WHOLE, issuer: '' }, 'config.tokenIssuer.issuer takes a text'],
    [{ ...WHOLE, audience: ['x'] }, 'config.tokenIssuer.audience takes a text'],
    [{ ...WHOLE, subject: null }, 'config.tokenIssuer.subject takes a text'],
    [{ ...WHOLE, issuer: 'x'.repeat(2049) }, 'config.tokenIssuer.issuer takes a text'],
    [{ ...WHOLE, algorithms: [] }, 'no other members'],
    ...[
      'file:///x',
      'login.example',
      'https://',
      'https://a@b/',
      'https://a/#b',
      'https:// a/',
    ].map((jwksUri): [unknown, string] => [
      { ...WHOLE, jwksUri },
      'config.tokenIssuer.jwksUri takes an https URL',
    ]),
  ];
  for (const [tokenIssuer, message] of cases) {
    t.throws(
      () => parseSettings({ tokenIssuer }),
      { status: 400, scimType: 'invalidValue', message: new RegExp(message) },
      JSON.stringify(tokenIssuer).slice(0, 100),
    );
  }
  t.end();
});
