/** Rows that name nobody get the name of now, from one question, and no other row does. */
import t from 'tap';
import type { LoggedRequest } from '../../store/request-logs.ts';
import type { NamedResource, ResourceKey } from '../../store/resource-names.ts';
import { StoreError } from '../../store/results.ts';
import type { ResourceNames } from '../ports.ts';
import { FakeLogs } from '../test/fake-logs.ts';
import { loggedRequest } from '../test/logged-request.ts';
import { NamedLogs } from './named-logs.ts';

const SECRET = 'the-shared-secret-of-all';
const ADA: NamedResource = { endpointId: 'a', id: '1', type: 'User', display: 'Ada' };
const QUERY = { filter: {}, before: undefined, skip: 0, limit: 50 };

class FakeNames implements ResourceNames {
  readonly asked: (readonly ResourceKey[])[] = [];
  readonly #known: readonly NamedResource[];

  constructor(known: readonly NamedResource[]) {
    this.#known = known;
  }

  async of(keys: readonly ResourceKey[]): Promise<readonly NamedResource[]> {
    this.asked.push(keys);
    await Promise.resolve();
    return this.#known.filter((each) =>
      keys.some(({ endpointId, id }) => each.endpointId === endpointId && each.id === id),
    );
  }
}

function about(row: number, fields: Partial<LoggedRequest> = {}): LoggedRequest {
  return loggedRequest(row, {
    endpointId: 'a',
    resourceType: 'User',
    resourceId: '1',
    ...fields,
  });
}

t.test('a page asks once, for each resource once', async (t) => {
  const logs = new FakeLogs();
  logs.requests = [
    about(7),
    about(6),
    about(5, { who: 'ada' }),
    about(4, { endpointId: 'b' }),
    about(3, { resourceType: 'Group' }),
    about(2, { resourceId: undefined }),
    about(1, { resourceId: 'gone' }),
  ];
  const names = new FakeNames([ADA]);
  const { requests } = await new NamedLogs(logs, names, SECRET).page(QUERY);
  t.strictSame(
    requests.map(({ who, nameNow }) => [who, nameNow]),
    [
      [undefined, 'Ada'],
      [undefined, 'Ada'],
      ['ada', undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ],
  );
  t.strictSame(names.asked, [
    [
      { endpointId: 'a', id: '1' },
      { endpointId: 'b', id: '1' },
      { endpointId: 'a', id: 'gone' },
    ],
  ]);
});

t.test('so do one row, the rows behind one, and those of a run', async (t) => {
  const logs = new FakeLogs();
  logs.requests = [about(1)];
  logs.ofRun = () => Promise.resolve(logs.requests);
  const named = new NamedLogs(logs, new FakeNames([ADA]), SECRET);
  t.equal((await named.request(1))?.nameNow, 'Ada');
  t.equal(await named.request(2), undefined);
  t.equal((await named.behind(0, 9)).requests[0]?.nameNow, 'Ada');
  const run = { id: 'r', endpointId: 'a', label: '', startedAt: 0, after: 0 };
  const ofRun = await named.ofRun({ ...run, endedAt: undefined, last: undefined }, 0, 9);
  t.equal(ofRun[0]?.nameNow, 'Ada');
});

t.test('nobody is asked where every row names somebody', async (t) => {
  const logs = new FakeLogs();
  logs.requests = [about(1, { who: 'ada' }), loggedRequest(2)];
  const names = new FakeNames([ADA]);
  await new NamedLogs(logs, names, SECRET).page(QUERY);
  t.same(names.asked, []);
});

t.test('the shared secret is nobody’s name', async (t) => {
  const logs = new FakeLogs();
  logs.requests = [about(1)];
  const names = new FakeNames([{ ...ADA, display: `Ada ${SECRET}` }]);
  const request = await new NamedLogs(logs, names, SECRET).request(1);
  t.notMatch(request?.nameNow, SECRET);
  t.match(request?.nameNow, 'Ada');
});

t.test('without the data the log is still there, but a defect is one', async (t) => {
  const logs = new FakeLogs();
  logs.requests = [about(1)];
  const failing = (error: Error): NamedLogs =>
    new NamedLogs(logs, { of: () => Promise.reject(error) }, SECRET);
  t.match(await failing(new StoreError('unavailable', 'away')).page(QUERY), {
    requests: [{ row: 1, nameNow: undefined }],
  });
  await t.rejects(failing(new TypeError('a defect')).page(QUERY), TypeError);
});
