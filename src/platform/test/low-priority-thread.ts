/** A thread that lowers its priority, uses libuv's threads, and says what its own priority is then. */
import { stat } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { lowerThreadPriority } from '../thread-priority.ts';

await lowerThreadPriority(15);
await Promise.all(Array.from({ length: 8 }, () => stat('.')));
parentPort?.postMessage(getPriority());
// Lives until it is told to end.
parentPort?.once('message', () => parentPort?.close());
