/** Paths of the operator that have no parameters: backups, the database, metrics, the log. */

export interface OperationsRoute {
  readonly kind:
    | 'backupStats'
    | 'backupTrigger'
    | 'backupSnapshots'
    | 'backupRestorePoints'
    | 'backupVerify'
    | 'backupRestore'
    | 'databaseStatistics'
    | 'version'
    | 'runtimeConfig'
    | 'openapi'
    | 'adminLogs'
    | 'adminLogsDownload'
    | 'adminLogsClear'
    | 'adminLogsStream'
    | 'adminActivity'
    | 'adminActivitySummary'
    | 'metrics';
}

/** The earlier SCIMServer had two of them under `/api`. */
export const OPERATIONS: ReadonlyMap<string, OperationsRoute> = new Map([
  ['/scim/admin/backup/stats', { kind: 'backupStats' }],
  ['/api/backup/status', { kind: 'backupStats' }],
  ['/scim/admin/backup/trigger', { kind: 'backupTrigger' }],
  ['/scim/admin/backup/snapshots', { kind: 'backupSnapshots' }],
  ['/scim/admin/backup/restore-points', { kind: 'backupRestorePoints' }],
  ['/scim/admin/backup/verify', { kind: 'backupVerify' }],
  ['/scim/admin/backup/restore', { kind: 'backupRestore' }],
  ['/scim/admin/database/statistics', { kind: 'databaseStatistics' }],
  ['/api/database/statistics', { kind: 'databaseStatistics' }],
  ['/scim/admin/version', { kind: 'version' }],
  ['/scim/admin/runtime-config', { kind: 'runtimeConfig' }],
  ['/scim/admin/openapi.json', { kind: 'openapi' }],
  ['/scim/admin/logs', { kind: 'adminLogs' }],
  ['/scim/admin/logs/download', { kind: 'adminLogsDownload' }],
  ['/scim/admin/logs/clear', { kind: 'adminLogsClear' }],
  ['/scim/admin/logs/stream', { kind: 'adminLogsStream' }],
  ['/scim/admin/activity', { kind: 'adminActivity' }],
  ['/scim/admin/activity/summary', { kind: 'adminActivitySummary' }],
  ['/metrics', { kind: 'metrics' }],
]);
