/** `GET /metrics` of a real server: what it says of backups is true. */
import t from 'tap';
import { shipped, startBackedUp } from '../support/backed-up-server.ts';
import { SECRET, Server } from '../support/server.ts';

async function scrape(server: Server): Promise<string> {
  const answer = await fetch(`${server.origin}/metrics`, {
    headers: { Authorization: `Bearer ${SECRET}` },
  });
  t.equal(answer.status, 200);
  return answer.text();
}

/** Names of our own metrics; those of the process are prom-client's. */
function namesOf(text: string): string[] {
  return [...text.matchAll(/^# TYPE (scimlane_(?:backup|database|filter|metrics)_\w+)/gm)]
    .map(([, name]) => name ?? '')
    .sort();
}

function valueOf(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.replace(/\{.*\}/, '').startsWith(`${name} `));
  if (line === undefined) throw new Error(`${name} is not told`);
  return Number(line.split(' ').at(-1));
}

t.test('a server with backups tells of them, and it is true', async (t) => {
  const { server, scim, admin, storage } = await startBackedUp(t);
  const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' };
  t.equal((await scim.post('/Users', user)).status, 201);
  t.equal((await admin.post('/trigger', undefined)).status, 201);
  const { position } = await shipped(admin);
  const text = await scrape(server);
  t.equal(valueOf(text, 'scimlane_backup_committed_position'), position);
  t.equal(valueOf(text, 'scimlane_backup_storage_position'), position);
  t.equal(valueOf(text, 'scimlane_backup_storage_lag_seconds'), 0);
  t.ok(valueOf(text, 'scimlane_backup_snapshots_total') >= 1);
  t.ok(valueOf(text, 'scimlane_backup_storage_last_snapshot_bytes') > 0);
  t.ok(valueOf(text, 'scimlane_database_bytes') > 0);
  t.match(text, `scimlane_backup_storage_state{storage="folder ${storage}",state="ok"} 1\n`);
  t.match(text, 'scimlane_backup_start{choice="new"} 1\n');
  t.match(text, 'scimlane_metrics_source_up{source="backup"} 1\n');
});

t.test('a server without backups tells of its database and its filter workers only', async (t) => {
  const server = await Server.start(t);
  t.same(namesOf(await scrape(server)), [
    'scimlane_database_bytes',
    'scimlane_database_log_bytes',
    'scimlane_database_wal_bytes',
    'scimlane_filter_abandoned_total',
    'scimlane_filter_column_bytes',
    'scimlane_filter_expired_total',
    'scimlane_filter_jobs_running',
    'scimlane_filter_jobs_total',
    'scimlane_filter_jobs_waiting',
    'scimlane_filter_refused_total',
    'scimlane_filter_run_seconds',
    'scimlane_filter_wait_seconds',
    'scimlane_filter_worker_deaths_total',
    'scimlane_filter_workers',
    'scimlane_metrics_source_up',
  ]);
});
