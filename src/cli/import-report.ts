/** The result of an import, as lines for people and as an object for scripts. Pure. */
import type { ImportOutcome } from '../import/import-database.ts';
import type { Finding, FindingGroup } from '../import/findings.ts';
import type { Tally } from '../import/options.ts';
import { durationText } from './format.ts';
import type { ImportRequest } from './import-arguments.ts';
import { type Report, table } from './report.ts';

export interface ImportResult extends ImportOutcome {
  /** Why a copy of the source was read; undefined: it was read itself. */
  readonly copied: string | undefined;
  /** Why rows of the request log were left, although they were asked for. */
  readonly logsLeft: string | undefined;
  /** Whether all of it is in every storage of the backups; undefined: none is configured, or a dry run. */
  readonly shipped: boolean | undefined;
  readonly durationMs: number;
}

/** Of each kind; the report file has all. */
const LINES_MAX = 20;

/** `ok` when all was taken, or was here already, and nothing else is. */
export function importReport(request: ImportRequest, result: ImportResult): Report {
  const { counts, findings, groups, named, copied, logsLeft, shipped, durationMs } = result;
  const { file, dryRun } = request;
  const tallies = [counts.endpoints, counts.users, counts.groups];
  const left = tallies.some(
    ({ refused, differing, onlyHere }) => refused + differing + onlyHere > 0,
  );
  const hasLogs = logsLeft === undefined && counts.logs.refused === 0;
  const ok = !left && findings.refused === 0 && hasLogs;
  return {
    lines: [...headLines(request, result), ...groupLines(groups), ...namedLines(result)],
    json: { file, dryRun, copied, logsLeft, shipped, counts, findings, groups, named, durationMs },
    ok,
  };
}

function headLines({ file, dryRun, logs }: ImportRequest, result: ImportResult): string[] {
  const { counts, copied, logsLeft, shipped, durationMs } = result;
  const { members } = counts;
  return [
    dryRun ? `a dry run, nothing was written: ${file}` : `imported ${file}`,
    ...(copied === undefined ? [] : [`  from a copy of it, because: ${copied}`]),
    ...table([
      ['', 'read', 'taken', 'unchanged', 'overwritten', 'differing', 'only here', 'refused'],
      tallyCells('endpoints', counts.endpoints),
      tallyCells('users', counts.users),
      tallyCells('groups', counts.groups),
    ]),
    `    memberships: ${members.kept}, and ${members.dropped} dropped`,
    ...(logs && logsLeft === undefined ? [logLine(counts.logs)] : []),
    ...(logsLeft === undefined ? [] : [`    request log: left, because ${logsLeft}`]),
    ...(shipped === false ? ['    backups: NOT everything was shipped'] : []),
    `    took ${durationText(durationMs)}`,
  ];
}

function tallyCells(name: string, tally: Tally): string[] {
  const { read, taken, unchanged, overwritten, differing, onlyHere, refused } = tally;
  const counts = [read, taken, unchanged, overwritten, differing, onlyHere, refused];
  return [name, ...counts.map(String)];
}

function logLine({ taken, tooOld, refused }: ImportResult['counts']['logs']): string {
  return `    request log: ${taken} rows, ${tooOld} left as older than LOG_MAX_AGE, ${refused} refused`;
}

function groupLines(groups: readonly FindingGroup[]): string[] {
  if (groups.length === 0) return [];
  const lines = groups.slice(0, LINES_MAX).map(({ kind, type, path, detail, count, example }) => {
    return `  ${count} × ${kind} ${type} ${path}: ${detail} (${example})`;
  });
  return ['what was mapped, changed or dropped:', ...lines, ...moreLine(groups.length)];
}

function namedLines({ named, findings }: ImportResult): string[] {
  return (['refused', 'differs'] as const).flatMap((kind) => {
    const found = named.filter((each) => each.kind === kind);
    if (found.length === 0) return [];
    return [`${kind}:`, ...found.slice(0, LINES_MAX).map(findingLine), ...moreLine(findings[kind])];
  });
}

function findingLine({ endpoint, type, id, path, detail }: Finding): string {
  return `  ${endpoint}: ${type} ${id}${path === '' ? '' : ` ${path}`}: ${detail}`;
}

function moreLine(count: number): string[] {
  return count > LINES_MAX ? [`  and ${count - LINES_MAX} more; --report <file> has all`] : [];
}
