import t, { type Test } from 'tap';
import { ScimError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { bulkTooLarge, parseBulkRequest } from './bulk-request.ts';

const SCHEMAS = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
const LIMITS = { maxOperations: 3, maxPayloadBytes: 1000 };
const POST = { method: 'POST', path: '/Users', bulkId: 'q', data: { userName: 'a' } };

const parse = (body: JsonValue) => parseBulkRequest(body, LIMITS);
const bulk = (...Operations: JsonValue[]): JsonValue => ({ schemas: SCHEMAS, Operations });

function refusal(t: Test, body: JsonValue): ScimError {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  t.fail(`accepted ${JSON.stringify(body)}`);
  return new ScimError(0, '');
}

t.test('each method, with what belongs to it', async (t) => {
  const data = { userName: 'a' };
  const { failOnErrors, operations } = parse({
    schemas: SCHEMAS,
    failOnErrors: 2,
    Operations: [
      POST,
      { method: 'PUT', path: '/Users/1', version: 'W/"7"', data },
      { method: 'DELETE', path: 'Groups/2/', bulkId: 'd' },
    ],
  });
  t.equal(failOnErrors, 2);
  t.same(operations, [
    { method: 'POST', bulkId: 'q', path: '/Users', endpoint: 'Users', data },
    {
      method: 'PUT',
      bulkId: undefined,
      path: '/Users/1',
      endpoint: 'Users',
      id: '1',
      version: 'W/"7"',
      data,
    },
    {
      method: 'DELETE',
      bulkId: 'd',
      path: 'Groups/2/',
      endpoint: 'Groups',
      id: '2',
      version: undefined,
    },
  ]);
});

t.test('names and methods in any case, null as not given, escapes in a path', async (t) => {
  const { failOnErrors, operations } = parse({
    SCHEMAS: ['URN:IETF:PARAMS:SCIM:API:MESSAGES:2.0:BULKREQUEST'],
    failonerrors: null,
    operations: [
      { Method: 'patch', PATH: '/Users/bulkId%3Aq', Version: null, Data: { Operations: [] } },
      { method: 'Delete', path: '/Users/%zz' },
    ],
  });
  t.equal(failOnErrors, undefined);
  t.match(operations, [
    { method: 'PATCH', id: 'bulkId:q', version: undefined },
    { method: 'DELETE', id: '%zz' },
  ]);
  t.equal(parse({ Operations: [POST] }).operations.length, 1, 'some clients leave schemas out');
});

t.test('what is no BulkRequest is 400 invalidSyntax', async (t) => {
  const cases: [JsonValue, RegExp][] = [
    [[], /JSON object, but is an array/],
    [{ schemas: ['urn:other'], Operations: [POST] }, /schemas must be an array that holds/],
    [{ schemas: SCHEMAS }, /Operations must be an array/],
    [bulk(), /one or more/],
    [{ Operations: {} }, /Operations must be an array/],
    [bulk('x'), /Operations\[0\] must be an object, but is a string/],
  ];
  for (const [body, detail] of cases) {
    t.match(refusal(t, body), { status: 400, scimType: 'invalidSyntax', message: detail });
  }
});

t.test('an operation that is framed wrong is 400 invalidValue and named', async (t) => {
  const cases: [JsonValue, RegExp][] = [
    [{ ...POST, method: 'GET' }, /Operations\[1\]\.method .* but is "GET"/],
    [{ ...POST, method: 1 }, /Operations\[1\]\.method .* but is a number/],
    [{ path: '/Users' }, /Operations\[1\]\.method .* but is absent/],
    [{ ...POST, bulkId: null }, /Operations\[1\]\.bulkId is required/],
    [{ ...POST, bulkId: 7 }, /Operations\[1\]\.bulkId must be a string, but is a number/],
    [{ ...POST, bulkId: '' }, /Operations\[1\]\.bulkId must be a string, but is empty/],
    [{ ...POST, bulkId: 'first' }, /Operations\[1\]\.bulkId "first" .* Operations\[0\]/],
    [{ ...POST, data: null }, /Operations\[1\]\.data is required/],
    [{ ...POST, path: '/Users/1' }, /Operations\[1\]\.path of a POST/],
    [{ ...POST, path: '/' }, /Operations\[1\]\.path must be like/],
    [{ ...POST, path: '/Users//x' }, /Operations\[1\]\.path must be like/],
    [{ ...POST, path: null }, /Operations\[1\]\.path must be like/],
    [{ ...POST, path: 1 }, /Operations\[1\]\.path must be a string/],
    [{ method: 'PUT', path: '/Users', data: {} }, /Operations\[1\]\.path of a PUT/],
    [{ method: 'PUT', path: '/Users/1/name', data: {} }, /Operations\[1\]\.path must be like/],
    [{ method: 'PATCH', path: '/Users/1' }, /Operations\[1\]\.data is required/],
    [{ method: 'DELETE', path: '/Users/1', version: 7 }, /Operations\[1\]\.version must be/],
  ];
  for (const [operation, detail] of cases) {
    const error = refusal(t, bulk({ ...POST, bulkId: 'first' }, operation));
    t.match(error, { status: 400, scimType: 'invalidValue', message: detail });
  }
});

t.test('failOnErrors is a whole number from 1 up', async (t) => {
  for (const failOnErrors of [0, -1, 1.5, '1', true, []]) {
    const error = refusal(t, { failOnErrors, Operations: [POST] });
    t.match(error, { status: 400, scimType: 'invalidValue', message: /failOnErrors must be/ });
  }
});

t.test('too many operations are 413, and both limits are told', async (t) => {
  const operations = ['a', 'b', 'c', 'd'].map((bulkId) => ({ ...POST, bulkId }));
  const error = refusal(t, bulk(...operations));
  t.match(error, { status: 413, scimType: undefined });
  t.match(error.message, /4 operations, more than maxOperations \(3\).*1000 bytes/);
  t.match(bulkTooLarge(LIMITS), /maxPayloadSize \(1000 bytes\).*3 operations \(maxOperations\)/);
});
