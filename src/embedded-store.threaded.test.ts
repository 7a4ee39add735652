/** The contract of the store with every thread in its place. */
import t from 'tap';
import { startWriterThread } from './db-worker/client.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { FilterWorkers } from './filter-workers/pool.ts';
import { openReader } from './sqlite/open.ts';
import { Reader } from './sqlite/reader.ts';
import { storeContract } from './store/contract/suite.ts';

await storeContract(t, async (t) => {
  const path = `${t.testdir()}/scimlane.db`;
  const fail = (fault: unknown): void => void t.fail(String(fault));
  const writer = await startWriterThread(
    {
      path,
      synchronous: 'FULL',
      defaultEndpointId: '01890000-0000-7000-8000-00000000ffff',
      gate: undefined,
    },
    { warning: fail, damaged: fail, died: fail },
  );
  return new EmbeddedStore({
    writer,
    reader: new Reader(openReader(path)),
    // No deadline that a busy machine could miss: it has a test of its own.
    pool: new FilterWorkers({ path, threads: 1, deadlineMs: 600_000, onWorkerDeath: fail }),
  });
});
