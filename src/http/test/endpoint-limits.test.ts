/** Requests under way, counted by endpoint, over real connections. */
import t from 'tap';
import { serve, turns, user, type Served } from './serve.ts';

/** Adds an endpoint with a bound of its own and returns its base path. */
async function bounded({ call }: Served, inFlightRequestsMax: number): Promise<string> {
  const config = { inFlightRequestsMax };
  const answer = await call('POST', '/scim/admin/endpoints', { name: 'bounded', config });
  t.equal(answer.status, 201);
  return '/scim/endpoints/bounded';
}

t.test('one request too many of an endpoint: 429, and none of another one', async (t) => {
  const served = await serve(t);
  const { call, store } = served;
  const base = await bounded(served, 2);
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  const before = store.commands.length;
  const waiting = ['a', 'b'].map((userName) => call('POST', `${base}/Users`, user({ userName })));
  while (store.commands.length < before + 2) await turns();
  const refused = await call('GET', `${base}/Users`);
  t.equal(refused.status, 429);
  t.equal(refused.headers.get('retry-after'), '1');
  t.match(refused.json, { status: '429', detail: /2 requests at once.*nothing was done/ });
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
  open();
  t.same(
    (await Promise.all(waiting)).map(({ status }) => status),
    [201, 201],
  );
  while ((await call('GET', `${base}/Users`)).status !== 200) await turns();
  t.same(served.faults, []);
});

t.test('an endpoint that takes all it can leaves room for the next', async (t) => {
  const served = await serve(t, { limits: { inFlightRequests: 8 } });
  const { call, store } = served;
  const base = await bounded(served, 0);
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const answers = names.map((userName) => call('POST', `${base}/Users`, user({ userName })));
  const refusals = answers
    .map(async (answer) => (await answer).status)
    .map((status) => status.then((code) => (code === 429 ? 1 : 0)));
  const settled = Promise.race(refusals);
  t.equal(await settled, 1, 'who is refused hears it at once');
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
  open();
  const statuses = (await Promise.all(answers)).map(({ status }) => status).toSorted();
  t.same(statuses, [201, 201, 201, 201, 429, 429, 429, 429, 429]);
});
