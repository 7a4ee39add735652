/**
 * What this process is, for an administrator: versions, where it runs, what is configured. Field
 * names are those of the earlier SCIMServer, whose scripts read them. No secret is part of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import type { ProcessFacts } from './http/ports.ts';
import type { Clock } from './platform/clock.ts';
import type { Config, Environment } from './platform/config.ts';
import { optionValues } from './platform/option-values.ts';
import type { JsonObject } from './scim/json.ts';
import { sqliteLibraryVersion } from './sqlite/library-version.ts';

export interface ProcessFactsParts {
  readonly config: Config;
  readonly env: Environment;
  readonly clock: Clock;
}

/** @returns facts that begin to count the time now */
export function processFacts({ config, env, clock }: ProcessFactsParts): ProcessFacts {
  const version = packageVersion();
  const sqlite = sqliteLibraryVersion();
  const startedAt = clock.now();
  const options = optionValues(env).map((option) => ({ ...option }));
  return {
    version: () => ({
      version,
      commit: config.revision ?? null,
      service: serviceFacts(config, startedAt, clock.now()),
      runtime: { ...runtimeFacts(env), sqlite },
      auth: {
        oauthClientId: config.oauth.serverClient?.id ?? null,
        oauthClientSecretConfigured: config.oauth.serverClient !== undefined,
        jwtSecretConfigured: config.oauth.jwtSecret !== undefined,
        scimSharedSecretConfigured: config.sharedSecret !== undefined,
      },
      storage: storageFacts(config),
      deployment: {
        containerApp: env['CONTAINER_APP_NAME'] ?? null,
        revision: env['CONTAINER_APP_REVISION'] ?? null,
        backupMode: backupMode(config),
      },
    }),
    runtimeConfig: () => ({ options }),
  };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

function serviceFacts(config: Config, startedAt: number, now: number): JsonObject {
  return {
    name: 'Scimlane',
    environment: config.environment,
    apiPrefix: 'scim',
    scimBasePath: '/scim/v2',
    now: new Date(now).toISOString(),
    startedAt: new Date(startedAt).toISOString(),
    uptimeSeconds: Math.max(0, now - startedAt) / 1000,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    utcOffset: utcOffset(new Date(now).getTimezoneOffset()),
  };
}

function runtimeFacts(env: Environment): JsonObject {
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    pid: process.pid,
    hostname: hostname(),
    cpus: availableParallelism(),
    containerized:
      env['KUBERNETES_SERVICE_HOST'] !== undefined ||
      env['CONTAINER_APP_NAME'] !== undefined ||
      existsSync('/.dockerenv'),
    memory: { ...process.memoryUsage() },
  };
}

function storageFacts({ databasePath, backup }: Config): JsonObject {
  const blob = backup?.storages.find((storage) => storage.kind === 'blob');
  return {
    databaseUrl: `file:${databasePath}`,
    databaseProvider: 'sqlite',
    blobBackupConfigured: blob !== undefined,
    blobAccount: blob?.account ?? null,
    blobContainer: blob?.container ?? null,
  };
}

/** The earlier SCIMServer's words; of several storages the one that is trusted most. */
function backupMode({ backup }: Config): string {
  const kind = backup?.storages[0]?.kind ?? 'none';
  return kind === 'files' ? 'azureFiles' : kind;
}

/** @param minutes as Date has them: positive west of Greenwich */
function utcOffset(minutes: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes > 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
