import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { RequestHeaders } from '../header-guard.ts';
import { FakeStore } from '../test/fake-store.ts';
import { type Asked, RecordKeeper } from './record-keeper.ts';

const CREDENTIAL = 'abcd/efgh+1234==';
const keeper = new RecordKeeper(
  new FakeStore(),
  { has: () => false },
  { limits: LIMITS, trustProxy: false },
);

function asked(credential: string | undefined): Asked {
  return {
    method: 'POST',
    path: '/scim/v2/Users',
    query: '',
    headers: new RequestHeaders(),
    credential,
    peerAddress: '',
    sentBytes: undefined,
    sentBody: undefined,
  };
}

function logged(text: string, credential: string | undefined): string {
  const by = asked(credential);
  const raw = Buffer.from(text);
  const content = keeper.requestBody(
    by,
    {
      text,
      raw,
      bytes: raw.length,
      json: undefined,
      namesSecret: keeper.namesSecret(text, undefined),
      showsCredential: keeper.showsCredential(by, text),
    },
    undefined,
  );
  return typeof content === 'string' ? content : Buffer.from(content).toString();
}

t.test('the credential is in no body, however its slashes are written', (t) => {
  for (const shown of [CREDENTIAL, CREDENTIAL.replaceAll('/', '\\/')]) {
    const body = logged(`{"url":"https:\\/\\/a","note":"${shown}"}`, CREDENTIAL);
    t.notMatch(body.replaceAll('\\/', '/'), CREDENTIAL);
    t.match(body, '(hidden)');
  }
  t.end();
});

t.test('nor across the place where a long body is cut', (t) => {
  for (const before of [0, 1, 8, 15].map((chars) => LIMITS.logBodyChars - chars)) {
    const body = logged(`${'x'.repeat(before)}${CREDENTIAL}${'y'.repeat(50)}`, CREDENTIAL);
    t.notMatch(body, CREDENTIAL.slice(0, 4));
  }
  t.end();
});

t.test('a body without it is logged as the bytes that came', (t) => {
  for (const body of ['{"url":"https:\\/\\/a"}', '{ "name": "ж" }', 'no JSON']) {
    t.equal(logged(body, CREDENTIAL), body);
    t.equal(logged(body, undefined), body);
  }
  t.end();
});

t.test('an answer that shows the credential is logged without it', (t) => {
  for (const credential of ['abcd-1234-efgh', 'пароль-пароль']) {
    const body = `{"displayName":"${credential}"}`;
    const sent = Buffer.from(body);
    const content = keeper.responseBody(
      asked(credential),
      { body, sent, bytes: sent.length, hidesDetails: false },
      undefined,
    );
    t.equal(content, '{"displayName":"(hidden)"}');
  }
  t.end();
});
