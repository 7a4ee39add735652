/** Entry point of the DB worker thread: takes its set-up from `workerData` and serves `parentPort`. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../platform/assert.ts';
import { systemClock } from '../platform/clock.ts';
import { hostWriter, type WriterSetup } from './host.ts';
import { checkRetention } from './open-request-log.ts';
import { WalGate } from './wal-gate.ts';

assert(parentPort !== null, 'the DB worker runs as a worker thread');
const setup = checkSetup(workerData);
// The thread boots while a backup may still be restored: what is opened must be the result.
if (setup.gate !== undefined) new WalGate(setup.gate).waitMayOpen();
hostWriter(parentPort, setup, systemClock, 'beside');

function checkSetup(data: unknown): WriterSetup {
  assert(typeof data === 'object' && data !== null, 'the DB worker is given its set-up');
  assert('path' in data && typeof data.path === 'string', 'set-up: path');
  assert(
    'synchronous' in data && (data.synchronous === 'FULL' || data.synchronous === 'NORMAL'),
    'set-up: synchronous',
  );
  assert(
    'defaultEndpointId' in data && typeof data.defaultEndpointId === 'string',
    'set-up: defaultEndpointId',
  );
  assert(
    'gate' in data && (data.gate === undefined || data.gate instanceof SharedArrayBuffer),
    'set-up: gate',
  );
  return {
    path: data.path,
    synchronous: data.synchronous,
    defaultEndpointId: data.defaultEndpointId,
    gate: data.gate,
    retention: 'retention' in data ? checkRetention(data.retention) : undefined,
  };
}
