/**
 * Starts the DB worker's thread, which boots while the main thread still loads the rest of the
 * server. Where there are backups it waits at the gate until the file to open is there.
 */
import { randomBytes } from 'node:crypto';
import { startWriterThread, type WriterEvents } from './db-worker/client.ts';
import type { WalGate } from './db-worker/wal-gate.ts';
import type { Writer } from './db-worker/writer.ts';
import { systemClock, uuidV7Source } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import type { Log } from './platform/log.ts';

export interface LaunchedWriter {
  /** Rejects, in one line, when the data file cannot be opened. */
  readonly started: Promise<Writer>;
  /** The next one, on what is in the file's place when the first is closed. */
  readonly startAgain: () => Promise<Writer>;
  /** Ends the first, which waits for a file that will not come: else the process would never end. */
  readonly giveUp: () => void;
  readonly warn: (message: string) => void;
}

/** What may become of a writer that was started; neither ever rejects. */
export interface WriterFate {
  /** It is gone: the process must stop. */
  readonly died: Promise<Error>;
  /** It writes no more, because the database is damaged. */
  readonly damaged: Promise<string>;
}

/**
 * @param config whose data folder has been checked
 * @param gate of the backup; undefined: there is none, and nothing to wait for
 */
export function launchWriter(
  { databasePath, synchronous, logRetention }: Config,
  gate: WalGate | undefined,
  events: WriterEvents,
): LaunchedWriter {
  const setup = {
    path: databasePath,
    synchronous,
    defaultEndpointId: uuidV7Source(systemClock, randomBytes).next(),
    gate: gate?.buffer,
    retention: logRetention,
  };
  const startAgain = (): Promise<Writer> => startWriterThread(setup, events);
  const unwanted = new AbortController();
  const started = startWriterThread(setup, events, unwanted.signal);
  // Whoever awaits it sees the rejection still; until then it must not end the process.
  started.catch(() => undefined);
  return {
    started,
    startAgain,
    giveUp: () => unwanted.abort(),
    warn: (message) => events.warning(message),
  };
}

/** What the writer tells: to the log, once that is there, and to whoever must act on it. */
export function writerEvents(logging: Promise<Log>): { events: WriterEvents; fate: WriterFate } {
  const died = Promise.withResolvers<Error>();
  const damaged = Promise.withResolvers<string>();
  return {
    fate: { died: died.promise, damaged: damaged.promise },
    events: {
      warning: (message) => void logging.then((log) => log.warn(message)),
      damaged: (message) => {
        void logging.then((log) => log.fatal(message));
        damaged.resolve(message);
      },
      died: (error) => {
        const message = 'the DB worker died; what was in flight has an unknown outcome';
        void logging.then((log) => log.fatal({ err: error }, message));
        died.resolve(error);
      },
    },
  };
}
