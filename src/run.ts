/**
 * A run of the server, from the environment to the exit code. The first signal stops it in order,
 * a second one at once. The exit code is 0 only when everything that was in flight was answered.
 */
import { randomBytes } from 'node:crypto';
import { launchBackup } from './launched-backup.ts';
import { launchWriter, writerEvents } from './launched-writer.ts';
import { checkLimits } from './platform/check-limits.ts';
import { loadConfig, type Config, type Environment } from './platform/config.ts';
import { checkDataFolder } from './platform/data-folder.ts';
import type { Log } from './platform/log.ts';
import { readTlsPair } from './platform/tls-config.ts';
import { ThreadMetrics } from './platform/thread-metrics.ts';
import type { System } from './system.ts';

/** @throws what stops the start, to be told in one line */
export async function run(env: Environment): Promise<void> {
  const config = loadConfig(env);
  const { databasePath } = config;
  checkLimits();
  const doubt = checkDataFolder(databasePath, { production: config.environment === 'production' });
  if (config.tls !== undefined) readTlsPair(config.tls);
  const logging = Promise.withResolvers<Log>();
  const warn = (message: string): void => void logging.promise.then((log) => log.warn(message));
  const threads = new ThreadMetrics(process);
  const backup = config.backup && launchBackup(config.backup, databasePath, warn);
  const { events, fate } = writerEvents(logging.promise);
  const writer = launchWriter(config, backup?.gate, events);
  // Loaded only now, the log as well: the threads of the backup and the writer start meanwhile.
  const { createLog } = await import('./platform/log.ts');
  const log = createLog(config.logLevel);
  logging.resolve(log);
  if (doubt !== undefined) log.warn(doubt);
  const { startSystem } = await import('./system.ts');
  const generated = config.sharedSecret === undefined;
  const sharedSecret = config.sharedSecret ?? randomBytes(32).toString('base64url');
  const system = await startSystem({
    config,
    sharedSecret,
    log,
    backup,
    writer,
    fate,
    threads,
    env,
  });
  // Before the line that says so: who reads it may stop us at once.
  const shutdown = new Shutdown(system, log);
  process.on('SIGTERM', () => shutdown.onSignal('SIGTERM'));
  process.on('SIGINT', () => shutdown.onSignal('SIGINT'));
  log.info({ url: `${system.origin}/scim/v2` }, 'listening');
  if (config.environment !== 'production') {
    process.stdout.write(welcome(config, system, sharedSecret, generated));
  }

  const { message } = await system.failed;
  shutdown.begin(message, 1);
}

/** One orderly stop, whoever asks for it first. */
class Shutdown {
  readonly #system: System;
  readonly #log: Log;
  #begun = false;

  constructor(system: System, log: Log) {
    this.#system = system;
    this.#log = log;
  }

  onSignal(signal: string): void {
    if (this.#begun) {
      this.#log.warn({ signal }, 'stopping at once');
      process.exit(1);
    }
    this.begin(signal, 0);
  }

  /** @param exitCode when everything that was in flight could be answered; else 1 */
  begin(reason: string, exitCode: number): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#log.info({ reason }, 'stopping');
    this.#system.stop().then(
      (finished) => {
        this.#log.info({ finished }, 'stopped');
        process.exit(finished ? exitCode : 1);
      },
      (error: unknown) => {
        this.#log.fatal({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  }
}

/** What a newcomer needs: where, with which token, and a line that works when pasted. */
function welcome(config: Config, system: System, secret: string, generated: boolean): string {
  const base = `${config.publicUrl ?? system.origin}/scim/v2`;
  const token = generated ? secret : '$SCIM_SHARED_SECRET';
  const origin = generated ? ' (new at each start; set SCIM_SHARED_SECRET to keep one)' : '';
  return `
  SCIM base URL   ${base}
  Bearer token    ${token}${origin}
  Data            ${config.databasePath}

  Try it:

  curl -s ${base}/Users -H "Authorization: Bearer ${token}" -H "Content-Type: application/scim+json" -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.com"}'

`;
}
