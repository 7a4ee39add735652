/** The contract of the store with every part on one thread. */
import t from 'tap';
import { startWriterInProcess } from './db-worker/in-process.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { InProcessFilterPool } from './filter-workers/in-process.ts';
import { systemClock } from './platform/clock.ts';
import { openReader } from './sqlite/open.ts';
import { Reader } from './sqlite/reader.ts';
import { storeContract } from './store/contract/suite.ts';

await storeContract(t, async (t) => {
  const path = `${t.testdir()}/scimlane.db`;
  const fail = (fault: unknown): void => void t.fail(String(fault));
  const writer = await startWriterInProcess(
    {
      path,
      synchronous: 'NORMAL',
      defaultEndpointId: '01890000-0000-7000-8000-00000000ffff',
      gate: undefined,
    },
    { warning: fail, damaged: fail, died: fail },
    systemClock,
  );
  return new EmbeddedStore({
    writer,
    reader: new Reader(openReader(path)),
    pool: new InProcessFilterPool(new Reader(openReader(path)), systemClock, 600_000),
  });
});
