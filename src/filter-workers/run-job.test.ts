import t from 'tap';
import { ask } from '../sqlite/test/asks.ts';
import { TestDatabase } from '../sqlite/test/database.ts';
import { LIMITS } from '../platform/limits.ts';
import { STOP, type Job } from './messages.ts';
import { InProcessFilterPool } from './in-process.ts';
import { jobTools, runJob } from './run-job.ts';

const STATS: Job = { kind: 'stats', ask: { endpoint: 1 } };

t.test('a job that is stopped says why', (t) => {
  const data = new TestDatabase(t);
  const tools = jobTools(data.reader(t));
  t.throws(() => runJob(tools, STATS, () => STOP.deadline), {
    status: 400,
    scimType: 'tooMany',
    message: /userName eq/,
  });
  t.throws(() => runJob(tools, STATS, () => STOP.closing), {
    name: 'StoreError',
    code: 'unavailable',
  });
  t.strictSame(
    runJob(tools, STATS, () => STOP.no),
    {
      kind: 'stats',
      answer: { resources: { User: 0, Group: 0 }, memberships: 0 },
    },
  );
  t.end();
});

t.test('a group of more members than one answer may show is refused with advice', (t) => {
  const data = new TestDatabase(t);
  const group = data.group('g');
  data.db.exec('BEGIN');
  for (let n = 0; n <= LIMITS.linksMax; n++) data.members.keep(group, String(n));
  data.db.exec('COMMIT');
  const tools = jobTools(data.reader(t));
  const links = { base: '' };
  const refused = { status: 400, scimType: 'tooMany', message: /excludedAttributes=members/ };
  const get: Job = { kind: 'get', ask: { endpoint: 1, type: 'Group', id: 'g', links } };
  t.throws(() => runJob(tools, get, () => STOP.no), refused);
  const search: Job = {
    kind: 'search',
    ask: ask({ types: ['Group'], count: 1, links: true }),
  };
  t.throws(() => runJob(tools, search, () => STOP.no), refused);
  data.members.unkeep(group, '0');
  t.match(
    runJob(tools, get, () => STOP.no),
    { kind: 'get', answer: { id: 'g' } },
  );
  t.end();
});

t.test('columns are made for what no index finds, and then answer what one would', (t) => {
  const data = new TestDatabase(t);
  for (const id of ['a', 'b', 'c']) data.user(id, { externalId: `x-${id}`, title: `the ${id}` });
  const reader = data.reader(t);
  const tools = jobTools(reader);
  const idsOf = (filter: string): string[] => {
    const reply = runJob(tools, { kind: 'search', ask: ask({ filter }) }, () => STOP.no);
    return reply.kind === 'search' ? reply.answer.result.resources.map(({ id }) => id) : [];
  };
  t.same(idsOf('externalId eq "x-b"'), ['b']);
  t.equal(tools.columns.bytes, 0);
  t.same(idsOf('title co "c" or externalId sw "x-a"'), ['a', 'c']);
  const { bytes } = tools.columns;
  t.ok(bytes > 0);
  t.same(idsOf('externalId eq "x-b"'), ['b']);
  t.ok(tools.columns.bytes >= bytes);
  t.end();
});

t.test('the in-process pool ends a job at its deadline by the clock', async (t) => {
  const data = new TestDatabase(t);
  let nowMs = 0;
  const clock = { now: () => (nowMs += 10) };
  const pool = new InProcessFilterPool(data.reader(t), clock, 1000);
  t.strictSame((await pool.stats({ endpoint: 1 })).memberships, 0);
  const slow = new InProcessFilterPool(data.reader(t), clock, 5);
  await slow.stats({ endpoint: 1 }).then(
    () => t.fail('not refused'),
    (error: unknown) => t.match(error, { scimType: 'tooMany' }),
  );
});
