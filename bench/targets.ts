/**
 * Whether a session reached its targets (`bench/targets.json`). A scenario that was measured with
 * other connections than its target names is neither met nor missed: it is not judged.
 */
import { readFileSync } from 'node:fs';
import type { ResultLine } from './report.ts';

/** At least, or at most, for one scenario at so many connections. What is left out is not asked. */
export interface Target {
  readonly scenario: string;
  readonly connections: number;
  /** At most, for a scenario that is one run. */
  readonly seconds?: number;
  /** At least. */
  readonly perSecond?: number;
  /** At least, of the limit measured in the same session. */
  readonly shareOfLimit?: number;
  /** At most. */
  readonly p50Ms?: number;
  readonly p97_5Ms?: number;
  readonly p99Ms?: number;
  readonly p99_9Ms?: number;
  /** At most, beyond the time of one disk sync. */
  readonly p50BeyondSyncMs?: number;
  /** At most, CPU of the server for each request. */
  readonly serverCpuUs?: number;
  /** At most, resident at the end. */
  readonly rssMiB?: number;
  /** At most, as a share, from the second quarter of a soak to the last. */
  readonly growth?: number;
}

export interface Verdict {
  readonly scenario: string;
  readonly measure: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
  /** How far on the wrong side, as a share of what was wanted; 0 when met. */
  readonly missedBy: number;
  /** Why the measured figure says little: the client was its limit. */
  readonly invalid: string | null;
}

/** @throws Error when the file is no list of targets: it belongs to the repository */
export function readTargets(): Target[] {
  const text = readFileSync(new URL('targets.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed) || !parsed.every(isTarget)) {
    throw new Error('bench/targets.json: each target has a scenario, connections and numbers');
  }
  return parsed;
}

/**
 * @param slack 0.5: half of what is wanted is enough, and twice what is allowed is not too much
 * @param diskSyncMs of the machine
 */
export function judge(
  lines: readonly ResultLine[],
  targets: readonly Target[],
  slack = 0,
  diskSyncMs = 0,
): Verdict[] {
  return targets.flatMap((target) => {
    const line = lines.find(
      ({ scenario, connections }) =>
        scenario === target.scenario && connections === target.connections,
    );
    return line === undefined ? [] : judgeOne(line, target, slack, diskSyncMs);
  });
}

function judgeOne(line: ResultLine, target: Target, slack: number, diskSyncMs: number): Verdict[] {
  const verdicts: Verdict[] = [];
  const add = (
    measure: string,
    wanted: number | undefined,
    measured: number | null,
    sense: 'at least' | 'at most',
  ): void => {
    if (wanted === undefined || measured === null) return;
    const bound = sense === 'at least' ? wanted * (1 - slack) : wanted / (1 - slack);
    const met = sense === 'at least' ? measured >= bound : measured <= bound;
    const distance = sense === 'at least' ? 1 - measured / bound : measured / bound - 1;
    verdicts.push({
      scenario: line.scenario,
      measure,
      wanted: `${sense} ${shown(bound)}`,
      measured: shown(measured),
      met,
      missedBy: met ? 0 : distance,
      invalid: line.invalid,
    });
  };
  add('seconds', target.seconds, line.seconds, 'at most');
  add('requests/s', target.perSecond, line.perSecond, 'at least');
  add('share of the limit', target.shareOfLimit, line.shareOfLimit, 'at least');
  add('p50 ms', target.p50Ms, line.p50Us / 1000, 'at most');
  add('p97.5 ms', target.p97_5Ms, line.p97_5Us / 1000, 'at most');
  add('p99 ms', target.p99Ms, line.p99Us / 1000, 'at most');
  const p99_9Us = line.distribution.find(([percentile]) => percentile === 99.9)?.[1];
  add('p99.9 ms', target.p99_9Ms, p99_9Us === undefined ? null : p99_9Us / 1000, 'at most');
  const beyondSyncMs = line.p50Us / 1000 - diskSyncMs;
  add('p50 ms beyond the disk sync', target.p50BeyondSyncMs, beyondSyncMs, 'at most');
  add('resident MiB', target.rssMiB, line.rssMiB, 'at most');
  add('growth of memory', target.growth, line.memory?.growth ?? null, 'at most');
  add('server CPU µs', target.serverCpuUs, line.serverCpuUs, 'at most');
  return verdicts;
}

/** One line for each target, the missed ones with how far they are. */
export function told(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ scenario, measure, wanted, measured, met, missedBy, invalid }) => {
      const why = invalid === null ? '' : ` (invalid: ${invalid})`;
      const end = met ? 'met' : `MISSED by ${Math.round(missedBy * 100)} %${why}`;
      return `${scenario}: ${measure} ${measured}, wanted ${wanted}: ${end}`;
    })
    .join('\n');
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(3)));
}

function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    'scenario' in value &&
    'connections' in value &&
    entries.every(([name, each]) =>
      name === 'scenario' ? typeof each === 'string' : typeof each === 'number',
    )
  );
}
