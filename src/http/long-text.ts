/**
 * A long answer, written in pieces: after some of them others have their turn, and whoever writes
 * can see how long it has become.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TextParts } from '../scim/text-parts.ts';

/** Written before others have their turn: about a millisecond. */
const CHARS_AT_ONCE = 131_072;

export class LongText {
  readonly #parts = new TextParts();
  #chars = 0;
  #waiting = '';

  /** Characters that were written. */
  get chars(): number {
    return this.#chars;
  }

  async add(text: string): Promise<void> {
    this.#chars += text.length;
    this.#waiting += text;
    if (this.#waiting.length < CHARS_AT_ONCE) return;
    this.#flush();
    await nextTurn();
  }

  end(): TextParts {
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    this.#parts.addBytes(Buffer.from(this.#waiting));
    this.#waiting = '';
  }
}
