/** What a request for a token says, by form, JSON and HTTP Basic. */
import fc from 'fast-check';
import t from 'tap';
import { OauthError } from './oauth-error.ts';
import { readTokenRequest, type TokenRequest } from './token-request.ts';

const FORM = 'application/x-www-form-urlencoded';

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function read(text: string, authorization?: string, contentType = FORM): TokenRequest {
  return readTokenRequest(text, contentType, authorization);
}

t.test('any id and secret come through each way', (t) => {
  const text = fc.string({ minLength: 1, unit: 'binary' });
  fc.assert(
    fc.property(text, text, (id, secret) => {
      fc.pre(id.isWellFormed() && secret.isWellFormed());
      const parameters = { client_id: id, client_secret: secret };
      const encoded = [id, secret].map((each) => encodeURIComponent(each)).join(':');
      const ways = [
        read(new URLSearchParams(parameters).toString()),
        read(JSON.stringify(parameters), undefined, 'Application/JSON; charset=utf-8'),
        read('', basic(encoded)),
        read(new URLSearchParams({ client_id: id }).toString(), basic(encoded)),
      ];
      return ways.every(({ client }) => client?.id === id && client.secret === secret);
    }),
    { numRuns: 300, seed: 1 },
  );
  t.end();
});

t.test('what is empty was not sent; what is unknown does not matter', (t) => {
  t.strictSame(read('grant_type=&scope=&client_id=a&client_secret=&x=1'), {
    grantType: undefined,
    scope: undefined,
    client: undefined,
  });
  t.match(read('grant_type=a&scope=b+c'), { grantType: 'a', scope: 'b c' });
  t.end();
});

t.test('a header that is no HTTP Basic says nothing of the client', (t) => {
  const body = 'client_id=a&client_secret=b';
  t.match(read(body, 'Bearer x'), { client: { id: 'a', secret: 'b' } });
  for (const header of ['Basic', 'Basic !', basic('no colon'), basic('%zz:x'), basic('x:%ff')]) {
    t.equal(read('', header).client, undefined, header);
  }
  t.match(read('', 'bASIC   YTpiOmM=').client, { id: 'a', secret: 'b:c' });
  t.end();
});

t.test('whatever comes is read or refused, and never repeated', (t) => {
  const anything = fc.string({ unit: 'binary' });
  const mediaType = fc.constantFrom(FORM, 'application/json', 'text/plain', '', undefined);
  const header = fc.option(fc.oneof(anything, anything.map(basic)), { nil: undefined });
  fc.assert(
    fc.property(fc.oneof(anything, fc.json()), mediaType, header, (text, type, authorization) => {
      try {
        readTokenRequest(text, type, authorization);
        return true;
      } catch (error) {
        if (!(error instanceof OauthError)) throw error;
        return /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(error.message);
      }
    }),
    { numRuns: 2000, seed: 1 },
  );
  t.end();
});
