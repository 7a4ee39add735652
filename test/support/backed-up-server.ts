/**
 * A server that keeps backups, and what tests ask about them: its status as the admin API tells it,
 * and a disk that is lost. The storage folder outlives the server's own folder.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './asserts.ts';
import { ScimClient } from './client.ts';
import { Server, temporaryFolder, type ServerOptions } from './server.ts';
import { until } from './until.ts';

/** `GET /scim/admin/backup/stats`, as far as tests read it. */
export interface BackupStats {
  readonly mode: string;
  readonly backupCount: number;
  readonly lastBackupSucceeded: boolean | null;
  readonly lastError: string | null;
  readonly restoredFromSnapshot: boolean;
  readonly hasSnapshots: boolean;
  readonly position: number;
  readonly spooled: number;
  readonly spoolBytes: number;
  readonly gaps: number;
  readonly storages: readonly StorageStats[];
  readonly start: {
    readonly choice: string;
    readonly explanation: string;
    readonly position: number;
  };
}

export interface StorageStats {
  readonly storage: string;
  readonly state: string;
  readonly position: number;
  readonly snapshots: number;
  readonly lastError: string | null;
}

export interface BackedUpServer {
  readonly server: Server;
  /** Under `/scim/v2`. */
  readonly scim: ScimClient;
  /** Under `/scim/admin/backup`. */
  readonly admin: ScimClient;
  /** The BACKUP_FOLDER. */
  readonly storage: string;
}

/** Short intervals, so that tests need not wait; no drill comes in between. */
export function backupVariables(storage: string): Record<string, string> {
  return {
    BACKUP_FOLDER: storage,
    BACKUP_SHIP_INTERVAL: '100ms',
    BACKUP_LEASE: '1s',
    BACKUP_DRILL_INTERVAL: 'off',
  };
}

/** @param options with `storage` another server's backups are used */
export async function startBackedUp(
  t: Scope,
  { storage = temporaryFolder(t), env, ...options }: ServerOptions & { storage?: string } = {},
): Promise<BackedUpServer> {
  const server = await Server.start(t, {
    ...options,
    env: { ...backupVariables(storage), ...env },
  });
  return { server, storage, ...clientsOf(t, server) };
}

export function clientsOf(t: Scope, server: Server): { scim: ScimClient; admin: ScimClient } {
  const scim = ScimClient.of(t, server);
  return { scim, admin: scim.under('/scim/admin/backup') };
}

export async function backupStats(admin: ScimClient): Promise<BackupStats> {
  const answer = await admin.get('/stats');
  if (answer.status !== 200) throw new Error(`stats: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as BackupStats;
}

/** The status once it is as a test wants it. */
export function statsWhen(
  admin: ScimClient,
  what: string,
  holds: (stats: BackupStats) => boolean,
): Promise<BackupStats> {
  return until(what, async () => {
    const stats = await backupStats(admin);
    return holds(stats) && stats;
  });
}

/** Resolves when everything committed before the call is in every storage, with a snapshot. */
export async function shipped(admin: ScimClient): Promise<BackupStats> {
  const { position } = await backupStats(admin);
  return statsWhen(admin, `commit ${position} in every storage`, ({ storages }) =>
    storages.every(
      (storage) => storage.state === 'ok' && storage.position >= position && storage.snapshots > 0,
    ),
  );
}

/** What a container that starts anew finds: nothing. The server must have ended. */
export function loseDisk(server: Server): void {
  for (const name of readdirSync(server.folder)) {
    rmSync(join(server.folder, name), { recursive: true, force: true });
  }
}
