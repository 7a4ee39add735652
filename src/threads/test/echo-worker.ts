/** A worker for the tests of this folder: one method per behaviour that a test asks for. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../platform/assert.ts';
import { messageOf } from '../../platform/thrown.ts';
import { RpcServer } from '../rpc-server.ts';
import type { Call } from '../rpc-server.ts';

assert(parentPort !== null, 'runs in a worker');
if (workerData === 'throw at start') throw new Error('thrown at start');

const posted: string[] = [];

const methods: Readonly<Record<string, (call: Call) => void>> = {
  echo: ({ id, frame }) => server.reply(id, frame),
  refuse: ({ id, frame }) => server.refuse(id, new Error(String(frame[0]))),
  never: () => undefined,
  remember: ({ frame }) => posted.push(String(frame[0])),
  recall: ({ id }) => server.reply(id, posted),
  notice: ({ frame }) => server.notice('news', frame),
  throw: () => {
    throw new Error('the worker broke');
  },
  exit: ({ frame }) => process.exit(Number(frame[0])),
  stop: ({ id }) => {
    server.reply(id, []);
    server.flush();
    server.close();
  },
};

const server = new RpcServer(parentPort, {
  maxBatch: 100,
  describeError: (error) => ({
    code: 'test',
    message: messageOf(error),
    status: 409,
    scimType: 'uniqueness',
  }),
  handle: (calls) => {
    for (const call of calls) methods[call.method]?.(call);
    server.flush();
  },
});

if (workerData === 'fail at start') {
  server.helloFailed(new Error('no such file'));
  server.close();
} else {
  server.hello(['at your service', 1]);
}
