import t from 'tap';
import { ScimError, badRequest } from '../scim/errors.ts';
import { StoreError } from '../store/results.ts';
import { failureAnswer } from './failure.ts';

function answerTo(error: unknown): { answer: ReturnType<typeof failureAnswer>; told: object[] } {
  const told: object[] = [];
  const answer = failureAnswer(error, 'req-1', {
    error: (fields) => told.push(fields),
    warn: () => undefined,
  });
  return { answer, told };
}

function textOf({ body }: ReturnType<typeof failureAnswer>): string {
  return typeof body === 'string' ? body : '';
}

t.test("a client's fault is told to the client and to nobody else", (t) => {
  const { answer, told } = answerTo(badRequest('invalidPath', 'no such path'));
  t.equal(answer.status, 400);
  t.same(JSON.parse(textOf(answer)), {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'invalidPath',
    detail: 'no such path',
  });
  t.same(answer.headers, [['Content-Type', 'application/scim+json']]);
  t.equal(answer.detail, 'no such path');
  t.same(told, []);
  t.end();
});

t.test('every failure of the store is 503 with Retry-After and says whether to look first', (t) => {
  const details = {
    overloaded: /nothing was done/,
    outcomeUnknown: /unknown: read the resource/,
    full: /storage is full; nothing was done/,
    unavailable: /try again/,
  };
  for (const code of ['overloaded', 'outcomeUnknown', 'full', 'unavailable'] as const) {
    const { answer, told } = answerTo(new StoreError(code, '/var/secret/path is bad'));
    t.equal(answer.status, 503, code);
    t.ok(
      answer.headers.some(([name]) => name === 'Retry-After'),
      code,
    );
    t.match(answer.body, details[code], code);
    t.notMatch(answer.body, /secret/, code);
    t.equal(told.length, code === 'overloaded' ? 0 : 1, code);
  }
  t.end();
});

t.test('what the store found contended is told to the client in its own words', (t) => {
  const { answer, told } = answerTo(new StoreError('contended', 'schemas have changed; try again'));
  t.equal(answer.status, 503);
  t.ok(answer.headers.some(([name]) => name === 'Retry-After'));
  t.match(answer.body, /schemas have changed; try again/);
  t.same(told, []);
  t.end();
});

t.test('the unforeseen is 500, logged once with the request id, and shows no insides', (t) => {
  for (const error of [new TypeError('x is not a function'), 'a string', undefined]) {
    const { answer, told } = answerTo(error);
    t.equal(answer.status, 500);
    t.notMatch(answer.body, /not a function|a string/);
    t.match(answer.body, /req-1/);
    t.match(told, [{ err: error, requestId: 'req-1' }]);
  }
  t.end();
});

t.test('scimType is left out where the RFC has none', (t) => {
  t.notMatch(answerTo(new ScimError(404, 'gone')).answer.body, /scimType/);
  t.end();
});
