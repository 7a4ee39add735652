/** The mixed traffic while snapshots are taken, one after the other, and the WAL is shipped. */
import { join } from 'node:path';
import { admin, firstSnapshot } from '../backup/stage.ts';
import type { Driver, Mark } from '../drive.ts';
import { MIXED_CONNECTIONS, prepareMixed } from '../mixed-run.ts';
import type { Product } from '../processes.ts';
import type { Scenario } from '../scenario.ts';

export const mixedWhileSnapshots: Scenario = {
  name: 'mixed-while-snapshots',
  question: 'How long do they take while snapshots are taken one after the other?',
  limit: 'none',
  connections: MIXED_CONNECTIONS,
  // No snapshot but those that are asked for.
  environment: (folder) => ({ BACKUP_FOLDER: join(folder, 'storage'), BACKUP_INTERVAL: '1d' }),
  prepare: async (stage) => {
    await firstSnapshot(stage.server);
    const beside = (driver: Driver): Driver => besideSnapshots(stage.server, driver);
    return prepareMixed(stage, { beside });
  },
};

function besideSnapshots(server: Product, driver: Driver): Driver {
  return async (load, options) => {
    const marks: Mark[] = [];
    let over = false;
    const snapshots = async (): Promise<void> => {
      while (!over) {
        const fromMs = performance.now();
        await admin(server, 'POST', 'backup/trigger');
        marks.push({ kind: 'snapshot', fromMs, toMs: performance.now() });
      }
    };
    const running = snapshots();
    // One that fails is told when the load ends; without anybody listening it would end the process.
    running.catch(() => undefined);
    const outcome = await driver(load, options).finally(() => {
      over = true;
    });
    await running;
    return { ...outcome, marks };
  };
}
