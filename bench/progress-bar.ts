/**
 * How far a session is: a bar that moves on a terminal, plain lines elsewhere. It writes five times a
 * second, which the client does not feel.
 */

export interface BarOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const WIDTH = 24;
const REDRAW_MS = 200;
const CLEAR_LINE = '\r\u001b[2K';

export class ProgressBar {
  readonly #output: BarOutput;
  readonly #steps: number;
  #step = 0;
  #text = '';
  #beganMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param steps of the whole session */
  constructor(output: BarOutput, steps: number) {
    this.#output = output;
    this.#steps = steps;
  }

  /** A step begins. */
  begin(text: string): void {
    this.end();
    this.#step += 1;
    this.#text = text;
    this.#beganMs = performance.now();
    if (this.#output.isTTY !== true) {
      this.#output.write(`${text}\n`);
      return;
    }
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  /** A line for a person, above the bar. */
  say(text: string): void {
    if (this.#timer !== undefined) this.#output.write(CLEAR_LINE);
    this.#output.write(`${text}\n`);
    if (this.#timer !== undefined) this.#draw();
  }

  /** The step is over; the bar goes. */
  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#output.write(CLEAR_LINE);
  }

  #draw(): void {
    const seconds = (performance.now() - this.#beganMs) / 1000;
    const line = barText(this.#step, this.#steps, seconds, this.#text);
    this.#output.write(CLEAR_LINE + line.slice(0, (this.#output.columns ?? 80) - 1));
  }
}

/** @param step of the steps, from 1 on: the one that runs */
export function barText(step: number, steps: number, seconds: number, text: string): string {
  const done = Math.min(WIDTH, Math.floor(((step - 1) / Math.max(1, steps)) * WIDTH));
  const bar = '█'.repeat(done) + '░'.repeat(WIDTH - done);
  return `${bar} ${step}/${steps} ${seconds.toFixed(0).padStart(2)} s  ${text}`;
}
