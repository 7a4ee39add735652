/**
 * One import, from the database of SCIMServer to a store: endpoints, users, groups, and, when asked
 * for, rows of the request log. Each batch is durable by itself: an import that was interrupted is
 * run again, and finds what it had taken equal.
 */
import type { PatchLimits } from '../scim/patch/parse.ts';
import type { HashSecret } from '../scim/resource/secrets.ts';
import type { ScimServerFile } from '../sqlite/scimserver/file.ts';
import type { Store } from '../store/store.ts';
import { importEndpoints } from './endpoints.ts';
import { type Finding, type FindingGroup, Findings, type FindingKind } from './findings.ts';
import { importLogs } from './logs.ts';
import { emptyCounts, type ImportCounts, type ImportOptions, type OnProgress } from './options.ts';
import { importGroups, importUsers } from './resources.ts';

export interface ImportParts {
  readonly source: ScimServerFile;
  readonly store: Store;
  readonly hashSecret: HashSecret;
  readonly patchLimits: PatchLimits;
  /** Takes each finding at once. */
  readonly tell: (finding: Finding) => void;
  readonly onProgress: OnProgress;
}

export interface ImportOutcome {
  readonly counts: ImportCounts;
  readonly findings: Readonly<Record<FindingKind, number>>;
  /** What was mapped, changed and dropped, by kind and path; the most frequent first. */
  readonly groups: readonly FindingGroup[];
  /** What was refused or differs, by name; at most a thousand. */
  readonly named: readonly Finding[];
}

/** @throws StoreError when the store cannot go on; SqliteError when the source cannot be read */
export async function importDatabase(
  parts: ImportParts,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { source, store, tell, onProgress } = parts;
  const findings = new Findings(tell);
  const counts = emptyCounts();
  const rows = source.count('ScimUser') + source.count('ScimGroup');
  const total = rows + (options.logsSince === undefined ? 0 : source.count('RequestLog'));
  let done = 0;
  const advance =
    (what: string) =>
    (count: number): void => {
      done += count;
      onProgress(done, total, what);
    };
  const places = await importEndpoints(source, store, options, findings, counts.endpoints);
  const { hashSecret, patchLimits } = parts;
  const shared = { source, store, places, options, findings, counts, hashSecret, patchLimits };
  await importUsers({ ...shared, advance: advance('users') });
  await importGroups({ ...shared, advance: advance('groups') });
  if (options.logsSince !== undefined) {
    const { logsSince } = options;
    await importLogs(source, store, logsSince, findings, counts.logs, advance('request log'));
  }
  return {
    counts,
    findings: {
      mapped: findings.count('mapped'),
      changed: findings.count('changed'),
      dropped: findings.count('dropped'),
      differs: findings.count('differs'),
      refused: findings.count('refused'),
    },
    groups: findings.groups(),
    named: findings.named(),
  };
}
