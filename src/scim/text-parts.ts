/**
 * JSON text in pieces, some of them bytes: what is stored is put into an answer as it is, without
 * becoming a string on its way.
 */

/** A string, or text in UTF-8. */
export type TextPart = string | Uint8Array;

export class TextParts {
  readonly #parts: TextPart[] = [];

  get all(): readonly TextPart[] {
    return this.#parts;
  }

  /** Strings that follow each other become one part. */
  addText(text: string): void {
    const last = this.#parts.length - 1;
    const before = this.#parts[last];
    if (typeof before === 'string') this.#parts[last] = before + text;
    else this.#parts.push(text);
  }

  /** @param text which must stay as it is until the parts have been written */
  addBytes(text: Uint8Array): void {
    this.#parts.push(text);
  }
}
