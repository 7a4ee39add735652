/**
 * Composition: which part is made of which, in which order they start and in which order they stop.
 * The listening socket opens last and closes first; the writer closes after everything that could
 * still ask it something.
 */
import { randomBytes } from 'node:crypto';
import { SqliteStatistics } from './database-statistics.ts';
import { logPathOf } from './db-worker/log-path.ts';
import { SqliteRequestLogs } from './request-logs.ts';
import { createServer } from './http/server.ts';
import { metricSources } from './metric-sources.ts';
import type { LaunchedBackup } from './launched-backup.ts';
import type { LaunchedWriter, WriterFate } from './launched-writer.ts';
import { openStore } from './open-store.ts';
import { SqliteResourceNames } from './resource-names.ts';
import { systemClock, uuidV7Source } from './platform/clock.ts';
import type { Config, Environment } from './platform/config.ts';
import { LIMITS } from './platform/limits.ts';
import type { Log } from './platform/log.ts';
import { Metrics } from './platform/metrics.ts';
import type { ThreadMetrics } from './platform/thread-metrics.ts';
import { processFacts } from './process-facts.ts';
import { StoreReadiness } from './readiness.ts';

export interface System {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Resolves when the writer has died or backups cannot go on: the process must stop and exit non-zero. */
  readonly failed: Promise<Error>;
  /**
   * Stops in order: takes no more connections, answers what is in flight, commits, closes.
   * @returns false when something in flight was cut off at the deadline, or was not shipped
   */
  stop(): Promise<boolean>;
}

export interface SystemOptions {
  readonly config: Config;
  /** The bearer token, given or generated. */
  readonly sharedSecret: string;
  readonly log: Log;
  /** Undefined: no storage is configured. */
  readonly backup: LaunchedBackup | undefined;
  readonly writer: LaunchedWriter;
  readonly fate: WriterFate;
  readonly threads: ThreadMetrics;
  /** What the config was read from. */
  readonly env: Environment;
}

/** @throws ConfigError, or Error when the database or the port cannot be had: one line each */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { config, sharedSecret, log, fate } = options;
  const ids = uuidV7Source(systemClock, randomBytes);
  const lost = Promise.withResolvers<Error>();
  const { store, backup, explanation, spoolFolder, backupStatus, metrics, shipped } =
    await openStore(config, options.backup, options.writer, lost.resolve);
  void options.backup?.lost.then(lost.resolve);
  void lost.promise.then((error) => log.fatal({ err: error }, 'backups cannot go on'));
  if (explanation !== undefined) log.info(explanation);
  const readiness = new StoreReadiness(store, config.databasePath);
  void fate.damaged.then((message) => readiness.stop(message));
  void fate.died.then((error) => readiness.stop(`the writer died: ${error.message}`));

  const server = createServer(
    {
      host: config.host,
      port: config.port,
      sharedSecret,
      publicUrl: config.publicUrl,
      trustProxy: config.trustProxy,
      tls: config.tls,
      oauth: config.oauth,
      limits: LIMITS,
    },
    {
      store,
      readiness,
      backup,
      statistics: new SqliteStatistics({
        store,
        databasePath: config.databasePath,
        spoolFolder,
        clock: systemClock,
      }),
      logs: new SqliteRequestLogs(logPathOf(config.databasePath), store, systemClock),
      names: new SqliteResourceNames(config.databasePath),
      metrics: new Metrics(
        metricSources({
          databasePath: config.databasePath,
          backupStatus,
          store: metrics,
          threads: options.threads,
          requests: () => server.metrics(),
          clock: systemClock,
        }),
        LIMITS.metricSourceMs,
      ),
      facts: processFacts({ config, env: options.env, clock: systemClock }),
      clock: systemClock,
      ids,
      log,
    },
  );
  const { port } = await server.listen().catch(async (error: unknown) => {
    await store.close();
    throw error;
  });

  return {
    origin: `${config.tls === undefined ? 'http' : 'https'}://${config.host}:${port}`,
    failed: Promise.race([fate.died, lost.promise]),
    stop: async () => {
      readiness.stop('the server is stopping');
      const finished = await server.drain(LIMITS.drainDeadlineMs);
      server.close();
      await store.close();
      if (!shipped())
        log.error('not everything was shipped: the disk must be kept for the next start');
      return finished && shipped();
    },
  };
}
