/** Starts a flood of requests, and what it is told and tells. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface FloodOptions {
  readonly port: number;
  readonly path: string;
  /** Where SERIAL_MARK stands in it, each request has another number. */
  readonly token: string;
  /** Each request comes from another address, as a trusted proxy tells it; else all from one. */
  readonly ownAddresses: boolean;
  /** Statuses that are right. */
  readonly expected: readonly number[];
  readonly perSecond: number;
  readonly connections: number;
  readonly seconds: number;
  /** How long answers are waited for at the end. */
  readonly patienceMs: number;
  /** Number of the first request. */
  readonly first: number;
}

export interface FloodFigures {
  /** Answered. */
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Due, and not answered when the wait for them was over. */
  readonly unanswered: number;
  readonly wrong: number;
  readonly complaints: readonly string[];
}

export interface Flood {
  /** Resolves when it is over. @throws Error when an answer was wrong */
  ended(): Promise<FloodFigures>;
}

/** Resolves when it is under way, half a second after its start. */
export async function startFlood(options: FloodOptions): Promise<Flood> {
  const script = new URL('flood-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done === true) throw new Error('the flood ended by itself');
    return next.value;
  };
  await line();
  return {
    ended: async () => {
      const figures = JSON.parse(await line()) as FloodFigures;
      if (figures.wrong > 0) throw new Error(figures.complaints.join('; '));
      return figures;
    },
  };
}

/** Another one for each of 16 million requests. */
export function clientAddressOf(n: number): string {
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}
