/**
 * One line on a terminal that is drawn over itself while work goes on, and gone at its end. Where
 * nobody looks (a pipe, `--json`) nothing is written.
 */
import type { OnProgress } from '../backup/status.ts';
import type { Clock } from '../platform/clock.ts';
import { printable } from './format.ts';
import type { TextStream } from './ports.ts';

const BAR_WIDTH = 24;
/** More often than this nobody sees. */
const REDRAW_MS = 100;
const COLUMNS_DEFAULT = 80;
const CLEAR_LINE = '\r\x1b[K';

export class Progress {
  readonly #stream: TextStream;
  readonly #clock: Clock;
  readonly #shown: boolean;
  #drawnAt = -Infinity;

  constructor(stream: TextStream, clock: Clock, { json }: { readonly json: boolean }) {
    this.#stream = stream;
    this.#clock = clock;
    this.#shown = stream.isTTY === true && !json;
  }

  /** @param total 0: nobody knows how much there is */
  readonly show: OnProgress = (done, total, what) => {
    if (!this.#shown) return;
    const now = this.#clock.now();
    if (now - this.#drawnAt < REDRAW_MS && done < total) return;
    this.#drawnAt = now;
    const columns = this.#stream.columns ?? COLUMNS_DEFAULT;
    // One column less: a full line would wrap, and the next drawing would leave it behind.
    const line = `${bar(done, total)}${printable(what)}`.slice(0, columns - 1);
    this.#stream.write(CLEAR_LINE + line);
  };

  /** To be called before anything else is written. */
  clear(): void {
    if (this.#drawnAt === -Infinity) return;
    this.#drawnAt = -Infinity;
    this.#stream.write(CLEAR_LINE);
  }
}

function bar(done: number, total: number): string {
  if (total <= 0) return '';
  const share = Math.min(Math.max(done / total, 0), 1);
  const filled = Math.round(share * BAR_WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${percent} %  `;
}
