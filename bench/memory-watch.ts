/** Resident memory of the server over time, and whether it stays where it is. */
import type { Driver } from './drive.ts';
import type { RunningServer } from './processes.ts';

export interface MemoryFigures {
  /** Seconds from the start of the run, and MiB. */
  readonly samples: readonly (readonly [seconds: number, mib: number])[];
  readonly flat: boolean;
  /** From the second quarter of the run to the last one, as a share; what comes before is warming up. */
  readonly growth: number;
}

const LOOK_MS = 1000;
/** Of memory; a heap that breathes does that much. */
const GROWTH_MAX = 0.05;

/** A driver that looks at the server's memory meanwhile; warm-ups count as runs of their own. */
export function watchMemory(server: RunningServer, driver: Driver): Driver {
  return async (load, options) => {
    const samples: (readonly [number, number])[] = [];
    const startedMs = performance.now();
    const look = (): void => {
      const bytes = server.rssBytes();
      if (bytes === undefined) return;
      const seconds = (performance.now() - startedMs) / 1000;
      samples.push([Math.round(seconds * 10) / 10, Math.round(bytes / 2 ** 20)]);
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    const outcome = await driver(load, options);
    clearInterval(timer);
    look();
    const memory = memoryFigures(samples);
    return memory === undefined ? outcome : { ...outcome, memory };
  };
}

/** Pure. @param samples in the order of time; undefined of none: nobody knows whether that is flat */
export function memoryFigures(samples: MemoryFigures['samples']): MemoryFigures | undefined {
  if (samples.length === 0) return undefined;
  const quarter = Math.floor(samples.length / 4);
  const early = mean(samples.slice(quarter, quarter * 2));
  const late = mean(samples.slice(samples.length - Math.max(1, quarter)));
  const growth = early > 0 ? Math.round((late / early - 1) * 1000) / 1000 : 0;
  return { samples, flat: growth <= GROWTH_MAX, growth };
}

function mean(samples: MemoryFigures['samples']): number {
  return samples.reduce((sum, [, mib]) => sum + mib, 0) / Math.max(1, samples.length);
}
