import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SqliteStatistics, type SqliteStatisticsParts } from './database-statistics.ts';
import { notFound } from './scim/errors.ts';
import { TestDatabase } from './sqlite/test/database.ts';
import type { Endpoint } from './store/endpoint.ts';
import { StoreError, type EndpointStats } from './store/results.ts';
import { parseEndpointConfig } from './store/endpoint-config.ts';

const HOUR_MS = 3_600_000;

function endpoint(id: string): Endpoint {
  return {
    id,
    name: id,
    displayName: null,
    description: null,
    config: {},
    ...parseEndpointConfig({}),
    active: true,
    createdAt: 0,
    updatedAt: 0,
  };
}

/** @param stats by endpoint; an error is what the store throws */
function storeOf(stats: Readonly<Record<string, EndpointStats | Error>>) {
  return {
    endpoints: () => Object.keys(stats).map(endpoint),
    endpointStats: async (id: string): Promise<EndpointStats> => {
      const answer = await Promise.resolve(stats[id]);
      if (answer instanceof Error || answer === undefined) throw answer ?? new Error('unasked');
      return answer;
    },
  };
}

function statistics(data: TestDatabase, parts: Partial<SqliteStatisticsParts> = {}) {
  return new SqliteStatistics({
    store: storeOf({}),
    databasePath: data.path,
    spoolFolder: undefined,
    clock: { now: () => 0 },
    ...parts,
  });
}

t.test('counts are the sum over all endpoints', async (t) => {
  const store = storeOf({
    a: { resources: { User: 3, Group: 1 }, memberships: 4 },
    b: { resources: { User: 2, Device: 5 }, memberships: 0 },
  });
  t.match(await statistics(new TestDatabase(t), { store }).read(), {
    endpoints: 2,
    users: { total: 5 },
    groups: { total: 1 },
    memberships: 4,
    resources: { User: 5, Group: 1, Device: 5 },
  });
});

t.test(
  'an endpoint that is deleted meanwhile is not counted; any other failure is told',
  async (t) => {
    const data = new TestDatabase(t);
    const here = { resources: { User: 1 }, memberships: 2 };
    const gone = storeOf({ a: notFound('gone'), b: here });
    t.match(await statistics(data, { store: gone }).read(), { endpoints: 1, memberships: 2 });
    const stopped = storeOf({ a: new StoreError('unavailable', 'the store is closed') });
    await t.rejects(statistics(data, { store: stopped }).read(), {
      message: 'the store is closed',
    });
  },
);

t.test('bytes are those of the files, pages those of the newest commit', async (t) => {
  const data = new TestDatabase(t);
  data.user('u');
  data.db.pragma('wal_checkpoint(TRUNCATE)');
  const spoolFolder = `${data.path}.spool`;
  mkdirSync(spoolFolder);
  writeFileSync(join(spoolFolder, 'a'), 'x'.repeat(10));
  writeFileSync(join(spoolFolder, 'b'), 'x'.repeat(5));
  writeFileSync(data.path.replace(/\.db$/, '.logs.db'), 'x'.repeat(7));
  const reading = statistics(data, { spoolFolder });
  const before = await reading.read();
  const pageSize = Number(data.db.pragma('page_size', { simple: true }));
  const pageCount = Number(data.db.pragma('page_count', { simple: true }));
  t.match(before, {
    database: {
      type: 'SQLite',
      path: data.path,
      bytes: pageSize * pageCount,
      walBytes: 0,
      logBytes: 7,
      spoolBytes: 15,
      pageSize,
      pageCount,
      freelistCount: 0,
      usedBytes: pageSize * pageCount,
    },
  });
  data.user('grown', { displayName: 'x'.repeat(50_000) });
  const after = await reading.read();
  t.match(after, { database: { bytes: pageSize * pageCount } }, 'it is in the WAL');
  t.notMatch(after, { database: { walBytes: 0 } });
  t.notMatch(after, { database: { pageCount } }, 'but pages count what is committed');
});

t.test('growth is told after an hour, by the day', async (t) => {
  const data = new TestDatabase(t);
  let now = 1000;
  const pageCount = (): number => Number(data.db.pragma('page_count', { simple: true }));
  const reading = statistics(data, { clock: { now: () => now } });
  const since = new Date(1000).toISOString();
  const pagesBefore = pageCount();
  data.user('grown', { displayName: 'x'.repeat(100_000) });
  now += HOUR_MS - 1;
  t.match(await reading.read(), { growth: { bytesPerDay: null, since } });
  now += 1;
  const pageSize = Number(data.db.pragma('page_size', { simple: true }));
  const bytesPerDay = (pageCount() - pagesBefore) * pageSize * 24;
  t.ok(bytesPerDay > 2_400_000);
  t.match(await reading.read(), { growth: { bytesPerDay, since } });
});

t.test('a server without spool and log has none of their bytes', async (t) => {
  const data = new TestDatabase(t);
  const gone = statistics(data, { spoolFolder: `${data.path}-nowhere` });
  t.match(await gone.read(), { database: { logBytes: 0, spoolBytes: 0 } });
});
