/** The contract of the store with every thread in its place. */
import t from 'tap';
import { startWriterThread } from './db-worker/client.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import { storeContract } from './store/contract/suite.ts';

await storeContract(t, async (t) => {
  const path = `${t.testdir()}/scimlane.db`;
  const fail = (fault: unknown): void => void t.fail(String(fault));
  const writer = await startWriterThread(
    { path, synchronous: 'FULL', defaultEndpointId: '01890000-0000-7000-8000-00000000ffff' },
    { warning: fail, damaged: fail, died: fail },
  );
  return openEmbeddedStore(writer, { path, filterWorkers: 1, onWarning: fail });
});
