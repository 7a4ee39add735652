/**
 * The DB worker dies in the middle of a bulk. Each operation is told by itself: what was done is there
 * after the restart, what was not begun is not, and only for what was with the writer nobody knows.
 */
import t from 'tap';
import { LIMITS } from '../../src/platform/limits.ts';
import { bulk, detailAt, operationsOf, postUser } from '../support/bulk.ts';
import { ScimClient } from '../support/client.ts';
import { Inspector } from '../support/inspector.ts';
import { readAll } from '../support/read-all.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const OPERATIONS = 1000;
const SLICES_ANSWERED = 3;
/**
 * A trap in the worker: when so many slices are answered, it stalls, so that the next one comes to
 * wait for it, and dies.
 */
const TRAP = `
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const post = parentPort.postMessage;
  let answered = 0;
  parentPort.postMessage = (message) => {
    post.call(parentPort, message);
    if (!message.includes('done') || ++answered !== ${SLICES_ANSWERED}) return;
    setImmediate(() => {
      const until = Date.now() + 1000;
      while (Date.now() < until);
      process.exit(7);
    });
  };`;

const server = await Server.start(t, { nodeArguments: ['--inspect=127.0.0.1:0'] });
const scim = ScimClient.of(t, server);
const inspector = await Inspector.attach(t, server);

t.test('each operation is told what is known of it', async (t) => {
  await inspector.evaluateInWorker('db-worker', TRAP);
  const names = Array.from({ length: OPERATIONS }, (_, at) => `user-${at}`);
  const operations = names.map((name, at) => postUser(`${at}`, name));
  const answer = succeeded(t, await scim.post('/Bulk', bulk(...operations)), 200);
  t.equal(operationsOf(answer).length, OPERATIONS, 'each is told');
  t.not((await server.exit).code, 0);

  await server.startAgain();
  const there = new Set((await readAll(scim, 'Users')).map(({ userName }) => userName));
  const slice = LIMITS.bulkSliceOperations;
  for (const [at, { status }] of operationsOf(answer).entries()) {
    const detail = detailAt(answer, at);
    const isThere = there.has(names[at] ?? '');
    const right =
      at < SLICES_ANSWERED * slice
        ? status === '201' && isThere
        : at < (SLICES_ANSWERED + 1) * slice
          ? status === '503' && /unknown/.test(detail)
          : status === '503' && /nothing of it was done/.test(detail) && !isThere;
    if (!right) t.fail(`operation ${at}: ${detail}, there: ${isThere}`);
  }
});
