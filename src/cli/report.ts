/**
 * The result of each command, twice: lines for people, and an object for scripts in the shapes of
 * the admin API. Pure.
 */
import {
  drillView,
  type JsonFields,
  restoreRangeView,
  snapshotView,
} from '../backup/admin-view.ts';
import type { SnapshotEntry } from '../backup/manifest.ts';
import type { RestoredFile, StorageListing } from '../backup/operations.ts';
import type { DrillResult, RestoreRange } from '../backup/status.ts';
import type { Verification } from '../backup/verify.ts';
import { bytesText, counted, durationText, timeText } from './format.ts';

export interface Report {
  /** For people. */
  readonly lines: readonly string[];
  /** For `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** False: exit code 1. */
  readonly ok: boolean;
}

export function listReport(backups: readonly StorageListing[]): Report {
  const storages = backups.map(({ storage, snapshots, ranges }): JsonFields => ({
    storage,
    snapshots: snapshots.map((snapshot) => snapshotView(storage, snapshot)),
    restorePoints: ranges.map(restoreRangeView),
  }));
  return { lines: backups.flatMap(storageLines), json: { storages }, ok: true };
}

export function verifyReport(verification: Verification): Report {
  const { ok, problems, checkedObjects, checkedBytes } = verification;
  const checked = `${counted(checkedObjects, 'object')}, ${bytesText(checkedBytes)}`;
  const lines = ok
    ? [`all is well: ${checked}`]
    : [`${counted(problems.length, 'problem')} in ${checked}:`, ...problems.map(indented)];
  return { lines, json: { ok, problems, checkedObjects, checkedBytes }, ok };
}

export function restoreReport(restored: RestoredFile, into: string): Report {
  const { storage, sequence, at, snapshot, segments, durationMs } = restored;
  const lines = [
    `restored ${into}`,
    ...table([
      ['position', `${sequence}, as of ${timeText(at)}`],
      ['from', `${storage}: ${snapshot} and ${counted(segments, 'segment')}`],
      ['took', durationText(durationMs)],
    ]),
  ];
  const time = new Date(at).toISOString();
  const json = { into, storage, position: sequence, time, snapshot, segments, durationMs };
  return { lines, json, ok: true };
}

export function drillReport(drill: DrillResult): Report {
  const took = `${drill.storage}, position ${drill.sequence}, ${durationText(drill.durationMs)}`;
  const lines = drill.ok
    ? [`the drill went well: ${took}`]
    : [`the drill failed: ${took}`, indented(drill.problem ?? 'nobody said why')];
  return { lines, json: drillView(drill), ok: drill.ok };
}

/** @param snapshot as the server showed it */
export function snapshotReport(snapshot: Readonly<Record<string, unknown>>): Report {
  const { name, position } = snapshot;
  const what = [
    ...(typeof name === 'string' ? [name] : []),
    ...(typeof position === 'number' ? [`position ${position}`] : []),
  ];
  return { lines: [`a snapshot was taken: ${what.join(', ')}`], json: snapshot, ok: true };
}

function storageLines({ storage, snapshots, ranges }: StorageListing): string[] {
  if (snapshots.length === 0) return [storage, indented('no snapshot yet'), ''];
  return [
    storage,
    indented('snapshots'),
    ...table([['position', 'taken', 'size', 'name'], ...snapshots.map(snapshotCells)]),
    indented('one can go back to'),
    ...table(ranges.map(rangeCells)),
    '',
  ];
}

function snapshotCells({ sequence, takenAt, bytes, name }: SnapshotEntry): string[] {
  return [String(sequence), timeText(takenAt), bytesText(bytes), name];
}

function rangeCells(range: RestoreRange): string[] {
  const { fromSequence, toSequence, fromTime, toTime, continuous } = range;
  if (!continuous) return [timeText(fromTime), `position ${fromSequence}`];
  return [
    `${timeText(fromTime)} to ${timeText(toTime)}`,
    `any position from ${fromSequence} to ${toSequence}`,
  ];
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    return `    ${cells.join('  ').trimEnd()}`;
  });
}

function indented(text: string): string {
  return `  ${text}`;
}
