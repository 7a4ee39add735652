/**
 * Composition: which part is made of which, in which order they start and in which order they stop.
 * The listening socket opens last and closes first; the writer closes after everything that could
 * still ask it something.
 */
import { randomBytes } from 'node:crypto';
import type { WriterEvents } from './db-worker/client.ts';
import { startWriterThread } from './db-worker/client.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import { createServer } from './http/server.ts';
import { systemClock, uuidV7Source } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { checkDataFolder } from './platform/data-folder.ts';
import { checkLimits, LIMITS } from './platform/limits.ts';
import type { Log } from './platform/log.ts';
import { StoreReadiness } from './readiness.ts';

export interface System {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Resolves when the writer has died: the process must stop and exit non-zero. */
  readonly failed: Promise<Error>;
  /**
   * Stops in order: takes no more connections, answers what is in flight, commits, closes.
   * @returns false when something in flight was cut off at the deadline
   */
  stop(): Promise<boolean>;
}

export interface SystemOptions {
  readonly config: Config;
  /** The bearer token, given or generated. */
  readonly sharedSecret: string;
  readonly log: Log;
}

/** @throws ConfigError, or Error when the database or the port cannot be had: one line each */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { config, sharedSecret, log } = options;
  checkLimits();
  const production = config.environment === 'production';
  const warning = checkDataFolder(config.databasePath, { production });
  if (warning !== undefined) log.warn(warning);

  const ids = uuidV7Source(systemClock, randomBytes);
  const { events, failed, onDamage } = writerEvents(log);
  const writer = await startWriterThread(
    {
      path: config.databasePath,
      synchronous: config.synchronous,
      defaultEndpointId: ids.next(),
    },
    events,
  );
  const store = openEmbeddedStore(writer, {
    path: config.databasePath,
    filterWorkers: config.filterWorkers,
    onWarning: (message) => log.warn(message),
  });
  const readiness = new StoreReadiness(store, config.databasePath);
  onDamage((message) => readiness.stop(message));
  void failed.then((error) => readiness.stop(`the writer died: ${error.message}`));

  const server = createServer(
    {
      host: config.host,
      port: config.port,
      sharedSecret,
      publicUrl: config.publicUrl,
      trustProxy: config.trustProxy,
      limits: LIMITS,
    },
    store,
    readiness,
    systemClock,
    ids,
    log,
  );
  const { port } = await server.listen().catch(async (error: unknown) => {
    await store.close();
    throw error;
  });

  return {
    origin: `http://${config.host}:${port}`,
    failed,
    stop: async () => {
      readiness.stop('the server is stopping');
      const finished = await server.drain(LIMITS.drainDeadlineMs);
      server.close();
      await store.close();
      return finished;
    },
  };
}

/** What the writer tells, routed to the log and to whoever must act on it. */
function writerEvents(log: Log): {
  events: WriterEvents;
  failed: Promise<Error>;
  onDamage: (listener: (message: string) => void) => void;
} {
  const died = Promise.withResolvers<Error>();
  let damageListener: ((message: string) => void) | undefined;
  return {
    failed: died.promise,
    onDamage: (listener) => {
      damageListener = listener;
    },
    events: {
      warning: (message) => log.warn(message),
      damaged: (message) => {
        log.fatal(message);
        damageListener?.(message);
      },
      died: (error) => {
        log.fatal({ err: error }, 'the DB worker died; what was in flight has an unknown outcome');
        died.resolve(error);
      },
    },
  };
}
