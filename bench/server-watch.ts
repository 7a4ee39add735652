/**
 * What went on in the product while a scenario ran: sizes of its transactions and how busy its
 * threads were, from `/metrics` before and after, never during; when it checkpointed and how long
 * its WAL file was, from what the file system tells of the files, which costs the server nothing.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Mark } from './drive.ts';
import { batchesBetween, scrape } from './metrics-scrape.ts';
import type { Product } from './processes.ts';

export interface ServerFigures {
  /** Transactions by their commands: upper bound, how many; null is beyond all bounds. */
  readonly batches: readonly (readonly [upTo: number | null, commits: number])[];
  readonly checkpoints: number;
  /** Length of the file, which SQLite keeps and writes over: the most that any run before needed too. */
  readonly walFileMiB: number;
  /**
   * Share of the time that each thread's event loop was at work, warm-up included; of a filter worker
   * with its waiting, which happens inside a call.
   */
  readonly threadShares: Readonly<Record<string, number>>;
  /** Of the main thread. */
  readonly loopLagP99Ms: number | null;
}

export interface Watched {
  readonly figures: ServerFigures | undefined;
  readonly marks: readonly Mark[];
}

const LOOK_MS = 50;

/** @returns ends the watch */
export async function watchServer(server: Product): Promise<() => Promise<Watched>> {
  const { folder } = server;
  if (folder === undefined) return () => Promise.resolve({ figures: undefined, marks: [] });
  const before = await scrape(server);
  const startedMs = performance.now();
  const files = new FileWatch(join(folder, 'scimlane.db'));
  const timer = setInterval(() => files.look(performance.now()), LOOK_MS);
  return async () => {
    clearInterval(timer);
    const seconds = (performance.now() - startedMs) / 1000;
    const after = await scrape(server);
    const marks = files.checkpoints();
    if (before === undefined || after === undefined) return { figures: undefined, marks };
    const shares = [...after.activeSeconds].map(([thread, active]) => {
      const share = (active - (before.activeSeconds.get(thread) ?? 0)) / seconds;
      return [thread, Math.round(share * 100) / 100] as const;
    });
    const figures: ServerFigures = {
      batches: batchesBetween(before, after),
      checkpoints: after.checkpoints - before.checkpoints,
      walFileMiB: Math.round((files.walBytes / 2 ** 20) * 10) / 10,
      threadShares: Object.fromEntries(shares),
      loopLagP99Ms:
        after.loopLagP99Ms === undefined ? null : Math.round(after.loopLagP99Ms * 10) / 10,
    };
    return { figures, marks };
  };
}

/** A checkpoint is what writes the data file; nothing else does. */
class FileWatch {
  walBytes = 0;
  readonly #path: string;
  readonly #marks: { kind: 'checkpoint'; fromMs: number; toMs: number }[] = [];
  #writtenMs: number;
  #lookedMs = performance.now();

  constructor(path: string) {
    this.#path = path;
    this.#writtenMs = writtenMs(path);
  }

  look(nowMs: number): void {
    const sizeBytes = statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    this.walBytes = Math.max(this.walBytes, sizeBytes);
    const written = writtenMs(this.#path);
    if (written !== this.#writtenMs) this.#mark(nowMs);
    this.#writtenMs = written;
    this.#lookedMs = nowMs;
  }

  checkpoints(): readonly Mark[] {
    return this.#marks;
  }

  #mark(nowMs: number): void {
    const last = this.#marks.at(-1);
    if (last?.toMs === this.#lookedMs) last.toMs = nowMs;
    else this.#marks.push({ kind: 'checkpoint', fromMs: this.#lookedMs, toMs: nowMs });
  }
}

function writtenMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
