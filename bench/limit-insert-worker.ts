/**
 * Inserts what the main thread of limit-insert.ts sends, in group commits with synchronous=FULL:
 * drain the port, one transaction, answer with the number of rows after COMMIT. The table and its
 * indexes are the product's own, so that the limit moves with the schema, and checkpoints run
 * beside as the product's do. Keys are what a real
 * stream has: ids that grow with time, names and external ids in random order.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { BackgroundCheckpoint } from '../src/db-worker/background-checkpoint.ts';
import { Checkpointer } from '../src/db-worker/checkpoint.ts';
import { LIMITS } from '../src/platform/limits.ts';
import { migrate } from '../src/sqlite/migrate.ts';
import { openWriter } from '../src/sqlite/open.ts';
import { MIGRATIONS } from '../src/sqlite/schema.ts';
import { seededRandom } from './random.ts';

const BATCH_MAX = 1024;

if (parentPort === null) throw new Error('runs as a worker of limit-insert.ts');
const port = parentPort;
const random = seededRandom(2);

const path = String(workerData);
const db = openWriter(path, { synchronous: 'FULL' });
migrate(db, MIGRATIONS, 0);

const warn = (message: string): void => console.error(message);
const checkpointer = new Checkpointer(db, {
  duePages: LIMITS.checkpointPages,
  resetPages: LIMITS.walResetPages,
  alarmPages: LIMITS.walPagesAlarm,
  warn,
  background: new BackgroundCheckpoint({ path, synchronous: 'FULL', warn }),
});

const insert = db.prepare(
  `INSERT INTO resources (row, endpoint, type, id, name_key, external_id, display, version, created,
    modified, document) VALUES (?, 1, 'User', ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const begin = db.prepare('BEGIN IMMEDIATE');
const commit = db.prepare('COMMIT');
let row = 0;

port.on('message', (first: string[]) => {
  let documents = first;
  while (documents.length < BATCH_MAX) {
    const more: { message: string[] } | undefined = receiveMessageOnPort(port);
    if (more === undefined) break;
    documents = documents.concat(more.message);
  }
  begin.run();
  for (const document of documents) insertRow(document);
  commit.run();
  port.postMessage(documents.length);
  checkpointer.afterCommit();
});

function insertRow(document: string): void {
  row += 1;
  const serial = row.toString(16).padStart(12, '0');
  const key = `${random.below(0x4000_0000).toString(16)}.${serial}`;
  const now = Date.now();
  insert.run(
    row,
    `01990000-0000-7000-8000-${serial}`,
    `${key}@contoso.example`,
    `${key}-external-identifier`,
    'Given Family Name',
    row,
    now,
    now,
    document,
  );
}
