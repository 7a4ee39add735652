/**
 * Backups and the database as administrators see them. Who keeps backups answers with the bodies;
 * here stands only which answer is which status.
 */
import type { JsonValue } from '../../scim/json.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import type { AdminRequest } from './request.ts';

export async function readBackupStats({ backup }: AdminRequest): Promise<Answer> {
  return jsonAnswer(200, JSON.stringify(await backup.stats()));
}

/** 201 only when there is a new snapshot that was verified where it is stored. */
export async function triggerBackup({ backup }: AdminRequest): Promise<Answer> {
  return jsonAnswer(201, JSON.stringify(await backup.trigger()));
}

export async function listSnapshots({ backup }: AdminRequest): Promise<Answer> {
  return jsonAnswer(200, JSON.stringify(await backup.snapshots()));
}

export async function listRestorePoints({ backup }: AdminRequest): Promise<Answer> {
  return jsonAnswer(200, JSON.stringify(await backup.restorePoints()));
}

/** 200 also when something is damaged: the question was answered, and `ok` is false. */
export async function verifyBackups({ backup }: AdminRequest): Promise<Answer> {
  return jsonAnswer(200, JSON.stringify(await backup.verify()));
}

export async function restoreBackup(
  { backup, checks }: AdminRequest,
  body: JsonValue,
): Promise<Answer> {
  const target = (await checks()).forRestore(body);
  return jsonAnswer(200, JSON.stringify(await backup.restore(target)));
}

export async function readDatabaseStatistics({ statistics }: AdminRequest): Promise<Answer> {
  return jsonAnswer(200, JSON.stringify(await statistics.read()));
}
