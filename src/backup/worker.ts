/** Entry point of the backup worker thread: takes its set-up from `workerData` and serves `parentPort`. */
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../platform/assert.ts';
import { hostBackup } from './host.ts';
import type { BackupSetup } from './messages.ts';

assert(parentPort !== null, 'the backup runs as a worker thread');
// The main thread of this very build made the set-up: its shape is known.
await hostBackup(parentPort, workerData as BackupSetup, randomUUID());
