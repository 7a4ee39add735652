/**
 * A projection applied to JSON text. What is shown or left out whole is never parsed: of a stored
 * document only the ends of its members are looked for.
 */
import type { JsonValue } from '../json.ts';
import type { TextParts } from '../text-parts.ts';
import { beforeFirst, isNamed, nameBytes, nextMember } from './json-members.ts';
import type { ProjectedMember, Projection, Shown } from './project.ts';

/** A member that does not stand in the stored document; its value as JSON text, made when it is shown. */
export type DerivedMember = readonly [name: string, value: () => string];

/** Writes the resources that one answer shows. */
export interface TextProjection {
  readonly needsLinks: boolean;
  /**
   * Adds a projected resource, a JSON object.
   * @param document as `JSON.stringify` wrote it
   * @param derived what stands behind it, in this order
   */
  write(into: TextParts, document: Uint8Array, derived: readonly DerivedMember[]): void;
}

interface Searched extends ProjectedMember {
  readonly bytes: Uint8Array;
}

const decoder = new TextDecoder();

export function projectText({ needsLinks, others, members }: Projection): TextProjection {
  const searched = members.map((member) => ({ ...member, bytes: nameBytes(member.name) }));
  return {
    needsLinks,
    write: (into, document, derived) => {
      const output = new ObjectWriter(into);
      writeStored(output, document, searched, others);
      for (const [name, text] of derived) {
        const shown = members.find((member) => member.name === name)?.shown ?? others;
        if (shown !== 'nothing') output.addMember(JSON.stringify(name), shownText(shown, text()));
      }
      output.end();
    },
  };
}

/** Members that are shown whole and lie side by side are one piece of the document. */
function writeStored(
  output: ObjectWriter,
  document: Uint8Array,
  searched: readonly Searched[],
  others: Shown,
): void {
  const range = beforeFirst();
  let pieceStart = -1;
  let pieceEnd = -1;
  let left = searched.length;
  // Names are there once: with all of them found, and nothing else shown, the rest is not read.
  while ((others !== 'nothing' || left > 0) && nextMember(document, range)) {
    const member = searched.find(({ bytes }) => isNamed(document, range, bytes));
    if (member !== undefined) left -= 1;
    const shown = member?.shown ?? others;
    if (shown === 'whole') {
      if (pieceStart === -1) pieceStart = range.nameStart;
      pieceEnd = range.valueEnd;
      continue;
    }
    output.addPiece(document, pieceStart, pieceEnd);
    pieceStart = -1;
    if (shown === 'nothing' || member === undefined) continue;
    const value = decoder.decode(document.subarray(range.valueStart, range.valueEnd));
    output.addMember(JSON.stringify(member.name), shownText(shown, value));
  }
  output.addPiece(document, pieceStart, pieceEnd);
}

function shownText(shown: Exclude<Shown, 'nothing'>, text: string): string | undefined {
  if (shown === 'whole') return text;
  const left = shown(JSON.parse(text) as JsonValue);
  return left === undefined ? undefined : JSON.stringify(left);
}

class ObjectWriter {
  readonly #into: TextParts;
  #separator = '{';

  constructor(into: TextParts) {
    this.#into = into;
  }

  /** Members of a document, from one's name to the end of another's value; none when `start` is -1. */
  addPiece(document: Uint8Array, start: number, end: number): void {
    if (start === -1) return;
    this.#separate();
    this.#into.addBytes(document.subarray(start, end));
  }

  addMember(quotedName: string, value: string | undefined): void {
    if (value === undefined) return;
    this.#separate();
    this.#into.addText(`${quotedName}:${value}`);
  }

  end(): void {
    this.#into.addText(this.#separator === '{' ? '{}' : '}');
  }

  #separate(): void {
    this.#into.addText(this.#separator);
    this.#separator = ',';
  }
}
