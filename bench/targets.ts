/**
 * Whether a session reached its targets (`bench/targets.json`). A scenario that was measured with
 * other connections than its target names, or by a client that was too busy, is neither met nor
 * missed: it is not judged, and that is said.
 */
import { readFileSync } from 'node:fs';
import { type ResultLine, usAt } from './report.ts';

interface Measure {
  readonly title: string;
  readonly sense: 'at least' | 'at most';
  /** Null where a line does not tell. */
  readonly of: (line: ResultLine, diskSyncMs: number) => number | null;
  /** A busy client cannot touch it: it counts in a line that is invalid, too. */
  readonly isClientProof?: boolean;
}

/** What a target may ask for. */
const MEASURES = {
  /** Of a scenario that is one run. */
  seconds: { title: 'seconds', sense: 'at most', of: ({ seconds }) => seconds },
  perSecond: { title: 'requests/s', sense: 'at least', of: ({ perSecond }) => perSecond },
  /** The limit measured in the same session. */
  shareOfLimit: {
    title: 'share of the limit',
    sense: 'at least',
    of: ({ shareOfLimit }) => shareOfLimit,
  },
  p50Ms: { title: 'p50 ms', sense: 'at most', of: ({ p50Us }) => p50Us / 1000 },
  p97_5Ms: { title: 'p97.5 ms', sense: 'at most', of: ({ p97_5Us }) => p97_5Us / 1000 },
  p99Ms: { title: 'p99 ms', sense: 'at most', of: ({ p99Us }) => p99Us / 1000 },
  p99_9Ms: {
    title: 'p99.9 ms',
    sense: 'at most',
    of: (line) => {
      const us = usAt(line, 99.9);
      return us === undefined ? null : us / 1000;
    },
  },
  /** Beyond the time of one disk sync. */
  p50BeyondSyncMs: {
    title: 'p50 ms beyond the disk sync',
    sense: 'at most',
    of: ({ p50Us }, diskSyncMs) => p50Us / 1000 - diskSyncMs,
  },
  /** Resident at the end. */
  rssMiB: {
    title: 'resident MiB',
    sense: 'at most',
    of: ({ rssMiB }) => rssMiB,
    isClientProof: true,
  },
  /** As a share, from the second quarter of a soak to the last. */
  growth: {
    title: 'growth of memory',
    sense: 'at most',
    of: ({ memory }) => memory?.growth ?? null,
    isClientProof: true,
  },
  /** CPU of the server for each request. */
  serverCpuUs: {
    title: 'server CPU µs',
    sense: 'at most',
    of: ({ serverCpuUs }) => serverCpuUs,
    isClientProof: true,
  },
} as const satisfies Readonly<Record<string, Measure>>;

type MeasureName = keyof typeof MEASURES;

/** For one scenario at so many connections. What is left out is not asked. */
export type Target = Readonly<Partial<Record<MeasureName, number>>> & {
  readonly scenario: string;
  readonly connections: number;
};

export interface Verdict {
  readonly scenario: string;
  readonly measure: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
  /** How far on the wrong side, as a share of what was wanted; 0 when met. */
  readonly missedBy: number;
}

/** @throws Error when the file is no list of targets: it belongs to the repository */
export function readTargets(): Target[] {
  const text = readFileSync(new URL('targets.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed) || !parsed.every(isTarget)) {
    throw new Error('bench/targets.json: each target has a scenario, connections and measures');
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
  return asked(lines, targets).flatMap(({ line, name, wanted }) => {
    const { title, sense, of }: Measure = MEASURES[name];
    if (line === undefined || whyNot(line, name) !== undefined) return [];
    const measured = of(line, diskSyncMs) ?? NaN;
    const bound = sense === 'at least' ? wanted * (1 - slack) : wanted / (1 - slack);
    const met = sense === 'at least' ? measured >= bound : measured <= bound;
    const distance = sense === 'at least' ? 1 - measured / bound : measured / bound - 1;
    return {
      scenario: line.scenario,
      measure: title,
      wanted: `${sense} ${shown(bound)}`,
      measured: shown(measured),
      met,
      missedBy: met ? 0 : distance,
    };
  });
}

/** What was asked for and is neither met nor missed: each with why. */
export function notJudged(lines: readonly ResultLine[], targets: readonly Target[]): string[] {
  const reasons = asked(lines, targets).flatMap(({ target, line, name }) => {
    const { scenario, connections } = target;
    if (line === undefined) return `${scenario} at ${connections} connections: not measured`;
    const why = whyNot(line, name);
    return why === undefined ? [] : `${scenario}, ${MEASURES[name].title}: ${why}`;
  });
  return [...new Set(reasons)];
}

/** Undefined when the line says something about the measure. */
function whyNot(line: ResultLine, name: MeasureName): string | undefined {
  const measure: Measure = MEASURES[name];
  if (measure.of(line, 0) === null) return 'not known here';
  if (line.invalid !== null && measure.isClientProof !== true) return `invalid, ${line.invalid}`;
  if (name === 'shareOfLimit' && line.limitInvalid !== null) {
    return `the limit is invalid, ${line.limitInvalid}`;
  }
  return undefined;
}

interface Asked {
  readonly target: Target;
  readonly name: MeasureName;
  readonly wanted: number;
  readonly line: ResultLine | undefined;
}

function asked(lines: readonly ResultLine[], targets: readonly Target[]): Asked[] {
  return targets.flatMap((target) => {
    const line = lines.find(
      ({ scenario, connections }) =>
        scenario === target.scenario && connections === target.connections,
    );
    return Object.keys(MEASURES)
      .filter(isMeasure)
      .flatMap((name) => {
        const wanted = target[name];
        return wanted === undefined ? [] : { target, name, wanted, line };
      });
  });
}

/** For a person: one line for each verdict, and one of what is left. */
export function told(verdicts: readonly Verdict[], unjudged: readonly string[]): string {
  const judged = verdicts.map(({ scenario, measure, wanted, measured, met, missedBy }) => {
    const end = met ? 'met' : `MISSED by ${Math.round(missedBy * 100)} %`;
    return `${scenario}: ${measure} ${measured}, wanted ${wanted}: ${end}`;
  });
  const left = unjudged.length === 0 ? [] : [`not judged: ${unjudged.join('; ')}`];
  return [...judged, ...left].join('\n');
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(3)));
}

/** Whether it asks for something that is known, by its name. */
export function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    'scenario' in value &&
    'connections' in value &&
    entries.every(([name, each]) =>
      name === 'scenario'
        ? typeof each === 'string'
        : typeof each === 'number' && (name === 'connections' || isMeasure(name)),
    )
  );
}

function isMeasure(name: string): name is MeasureName {
  return Object.hasOwn(MEASURES, name);
}
