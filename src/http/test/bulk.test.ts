/** What http makes of a bulk, and of what the store says of it, over a store in memory. */
import t from 'tap';
import { StoreError } from '../../store/results.ts';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, turns, user, type Reply } from './serve.ts';

const SCHEMAS = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
const RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

const post = (bulkId: string, fields: object = {}): object => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: user({ userName: bulkId, ...fields }),
});

const bulk = (...Operations: object[]): object => ({ schemas: SCHEMAS, Operations });

function operations({ json }: Reply): Record<string, unknown>[] {
  return json['Operations'] as Record<string, unknown>[];
}

t.test('the answer has what RFC 7644 §3.7.3 says, and nothing more', async (t) => {
  const { call, origin, store } = await serve(t);
  const reply = await call('POST', '/scim/v2/Bulk', bulk(post('a'), post('a2', { userName: 'A' })));
  t.equal(reply.status, 200);
  t.equal(reply.headers.get('content-type'), 'application/scim+json');
  t.equal(reply.headers.get('etag'), null);
  const { id } = store.commands[0] as { id: string };
  t.same(reply.json, {
    schemas: [RESPONSE],
    Operations: [
      {
        location: `${origin}/scim/v2/Users/${id}`,
        method: 'POST',
        bulkId: 'a',
        version: 'W/"1"',
        status: '201',
      },
      { ...operations(reply)[1], method: 'POST', bulkId: 'a2', status: '201' },
    ],
  });
  const changes = await call(
    'POST',
    '/scim/v2/bulk/',
    bulk(
      post('b', { userName: 'a' }),
      { method: 'put', path: `/Users/${id}`, data: user({ userName: 'a' }), version: 'W/"1"' },
      { method: 'PATCH', path: '/Users/none', data: { Operations: [] }, version: 'x' },
      { method: 'DELETE', path: '/Nobody/1', bulkId: 'd' },
      { method: 'DELETE', path: `users/${id}` },
    ),
  );
  t.same(operations(changes), [
    {
      method: 'POST',
      bulkId: 'b',
      status: '409',
      response: { schemas: [ERROR], status: '409', scimType: 'uniqueness', detail: 'a is taken' },
    },
    {
      location: `${origin}/scim/v2/Users/${id}`,
      method: 'PUT',
      version: 'W/"3"',
      status: '200',
    },
    {
      location: `${origin}/scim/v2/Users/none`,
      method: 'PATCH',
      status: '400',
      response: {
        schemas: [ERROR],
        status: '400',
        scimType: 'invalidSyntax',
        detail: 'Operations must be an array of one or more operations',
      },
    },
    {
      location: `${origin}/scim/v2/Nobody/1`,
      method: 'DELETE',
      bulkId: 'd',
      status: '404',
      response: {
        schemas: [ERROR],
        status: '404',
        detail: 'this endpoint serves Users and Groups, not "Nobody"',
      },
    },
    { location: `${origin}/scim/v2/Users/${id}`, method: 'DELETE', status: '204' },
  ]);
});

t.test('only POST, at each form of the root', async (t) => {
  const { call } = await serve(t);
  for (const root of [
    '/scim',
    '/scim/v2',
    '/scim/endpoints/default',
    '/scim/v2/endpoints/default',
  ]) {
    const reply = await call('POST', `${root}/Bulk`, bulk(post(root.replaceAll('/', '-'))));
    t.equal(reply.status, 200, root);
    t.match(operations(reply)[0]?.['location'], new RegExp(`${root}/Users/`));
    const read = await call('GET', `${root}/Bulk`);
    t.equal(read.status, 405);
    t.equal(read.headers.get('allow'), 'POST');
  }
  t.equal((await call('POST', '/scim/v2/Bulk/x', bulk(post('z')))).status, 404);
  const anonymous = await call('POST', '/scim/v2/Bulk', bulk(post('z')), { Authorization: '' });
  t.equal(anonymous.status, 401);
});

t.test('the store gets one command, with one row for the log', async (t) => {
  const { call, store } = await serve(t);
  await call('POST', '/scim/v2/Bulk', { ...bulk(post('a'), post('b')), failOnErrors: 3 });
  t.equal(store.bulks.length, 1);
  t.match(store.bulks[0], {
    kind: 'bulk',
    endpointId: '0190-default',
    count: 2,
    failOnErrors: 3,
    log: { method: 'POST', target: '/scim/v2/Bulk', status: 200 },
  });
  t.ok(store.commands.every(({ log }) => log === undefined));
  t.equal(store.logged.length, 0, 'the store logs it');
});

t.test('what the store did not get to is told as 503, what was done as done', async (t) => {
  const { call, store, faults } = await serve(t);
  const error = new StoreError('full', 'insides');
  store.interruption = { afterUnits: 2, error };
  const reply = await call(
    'POST',
    '/scim/v2/Bulk',
    bulk(post('a'), post('b'), post('c'), post('d')),
  );
  t.equal(reply.status, 200);
  t.same(
    operations(reply).map(({ status }) => status),
    ['201', '201', '503', '503'],
  );
  t.match(operations(reply)[3], { response: { detail: /nothing of it was done/ } });
  t.same(faults, []);
});

t.test('a slice that failed says what is known of it, and is logged once', async (t) => {
  const { call, store, faults } = await serve(t);
  const failing = (error: Error) => {
    store.writeBulk = () =>
      Promise.resolve({
        outcomes: new Map([0, 1].map((at) => [at, { kind: 'failed', error }])),
        interrupted: error,
      });
    return call('POST', '/scim/v2/Bulk', bulk(post('a'), post('b'), post('c')));
  };
  const unknown = await failing(new StoreError('outcomeUnknown', 'insides'));
  t.match(operations(unknown), [
    { status: '503', response: { detail: /outcome .* unknown/ } },
    { status: '503', response: { detail: /outcome .* unknown/ } },
    { status: '503', response: { detail: /nothing of it was done/ } },
  ]);
  t.equal(faults.length, 1);
  const defect = await failing(new TypeError('insides'));
  t.match(operations(defect)[1], { status: '500' });
  t.notMatch(defect.text, /insides/);
  t.equal(faults.length, 2);
});

t.test('when nothing was done the request fails as a whole', async (t) => {
  const { call, store } = await serve(t);
  store.writeBulk = () => Promise.reject(new StoreError('overloaded', 'insides'));
  const reply = await call('POST', '/scim/v2/Bulk', bulk(post('a')));
  t.equal(reply.status, 503);
  t.ok(reply.headers.get('retry-after'));
  t.match(store.logged, [{ status: 503 }]);
});

t.test('a bulk that has no time left says what it did not begin', async (t) => {
  const { call, clock, store } = await serve(t, { limits: { bulkBudgetMs: 1000 } });
  const write = store.write.bind(store);
  store.write = (command) => {
    clock.time += 400;
    return write(command);
  };
  const ten = Array.from({ length: 10 }, (_, at) => post(`u${at}`));
  const statuses = operations(await call('POST', '/scim/v2/Bulk', bulk(...ten))).map(
    ({ status }) => status,
  );
  t.equal(statuses.length, 10);
  t.equal(statuses[0], '201');
  t.equal(statuses[9], '503');
  t.same(statuses, statuses.toSorted());
});

t.test('a bulk counts with its operations among the requests in flight', async (t) => {
  const served = await serve(t, { limits: { inFlightRequests: 5 } });
  const { call, store } = served;
  const six = Array.from({ length: 6 }, (_, at) => post(`u${at}`));
  const refused = await call('POST', '/scim/v2/Bulk', bulk(...six));
  t.equal(refused.status, 503);
  t.match(refused.json, { detail: /nothing was done/ });
  t.equal(store.bulks.length, 0);
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  const running = call('POST', '/scim/v2/Bulk', bulk(...six.slice(1)));
  while (store.commands.length === 0) await turns();
  t.equal((await call('GET', '/scim/v2/Users')).status, 503);
  open();
  t.equal((await running).status, 200);
  while ((await call('GET', '/scim/v2/Users')).status !== 200) await turns();
});

t.test('over a limit both limits are named, and nothing is done', async (t) => {
  const { call, port, store } = await serve(t, { limits: { bulkOperations: 2, bodyBytes: 600 } });
  const many = await call('POST', '/scim/v2/Bulk', bulk(post('a'), post('b'), post('c')));
  t.equal(many.status, 413);
  const large = await call('POST', '/scim/v2/Bulk', JSON.stringify(bulk(post('a'))).padEnd(700));
  t.equal(large.status, 413);
  for (const { json } of [many, large]) {
    t.match(json['detail'], /maxOperations/);
    t.match(json['detail'], /maxPayloadSize/);
    t.match(json['detail'], /\b2\b/);
    t.match(json['detail'], /\b600\b/);
  }
  const connection = await RawConnection.open(port);
  const headers = [`Authorization: ${BEARER}`, 'Content-Type: application/json'];
  await connection.send(
    requestText('POST /scim/v2/Bulk', [...headers, 'Transfer-Encoding: chunked']),
    `${(650).toString(16)}\r\n${' '.repeat(650)}\r\n`,
  );
  t.match(await connection.response(), { status: 413, body: /maxPayloadSize \(600 bytes\)/ });
  const other = await call('POST', '/scim/v2/Users', JSON.stringify(user()).padEnd(700));
  t.match(other.json, { status: '413', detail: 'the body is larger than 600 bytes' });
  t.equal(store.bulks.length, 0);
});
