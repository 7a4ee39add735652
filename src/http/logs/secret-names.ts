/**
 * Which names stand before a secret: those that look so, and those of attributes that the endpoint
 * returns `never`. Names only, no schema is followed: what is masked too often is a nuisance, what
 * is masked too seldom is a leak.
 */
import { foldAscii } from '../../scim/fold.ts';
import type { AttributeDefinition } from '../../scim/schema/attribute.ts';
import type { Profile } from '../../scim/schema/registry.ts';

/** Of what a secret might be called that no schema tells of. */
const SUSPICIOUS =
  'passw|passphrase|secret|token|credential|api[-_]?key|private[-_]?key|authorization|assertion';
const LOOKS_SECRET = new RegExp(SUSPICIOUS, 'i');

/** Between the names in a path, a flat key, a filter or a URL. */
const BETWEEN_NAMES = /[^\w$-]+/;

/** Literals. The end quote may be missing, so that no text is gone through twice. */
const LITERALS = /"(?:[^"\\]|\\.)*("?)/g;

/** What may be part of a name, percent-encoded: a URL in a body may say `p%61ssword`. */
const ENCODED_NAME_CHAR = '%(?:2[4d]|3\\d|[46][1-9a-f]|[57][0-9a]|5f)';

export class SecretNames {
  readonly #names = new Set<string>();
  readonly #mayOccur: RegExp;
  /** Without its schemas any name may be that of a secret. */
  readonly #isKnown: boolean;

  /** @param profile undefined: of no endpoint that we know */
  constructor(profile: Profile | undefined) {
    this.#isKnown = profile !== undefined;
    for (const { attributes } of profile?.schemas ?? []) {
      for (const attribute of attributes) {
        if (hidesSomething(attribute)) this.#names.add(foldAscii(attribute.name));
      }
    }
    // An escape may hide any name, so that the text must be parsed to tell.
    const alternatives = [SUSPICIOUS, '\\\\u', ENCODED_NAME_CHAR, ...[...this.#names].map(escaped)];
    this.#mayOccur = new RegExp(alternatives.join('|'), 'i');
  }

  /** False: no name in this JSON text, or what might be JSON, stands before a secret. */
  mayOccurIn(text: string): boolean {
    return this.#mayOccur.test(text);
  }

  /** Of a member of an object, or a query parameter: `password`, `urn:…:User:password`, `clientSecret`. */
  isName(name: string): boolean {
    return LOOKS_SECRET.test(name) || this.#hasName(name);
  }

  /** Whether a path or filter names one outside its literals, as it is or percent-encoded. */
  isNamedIn(pathOrFilter: string): boolean {
    if (!this.#isKnown || this.#isOutsideLiterals(pathOrFilter)) return true;
    return pathOrFilter.includes('%') && this.#isOutsideLiterals(decodedAscii(pathOrFilter));
  }

  #isOutsideLiterals(text: string): boolean {
    const outside = text.replace(LITERALS, (literal, end) => (end === '' ? literal : ' '));
    return LOOKS_SECRET.test(outside) || this.#hasName(outside);
  }

  #hasName(text: string): boolean {
    return foldAscii(text)
      .split(BETWEEN_NAMES)
      .some((name) => this.#names.has(name));
  }
}

/** Names are ASCII; what is encoded wrongly beside them must not keep them from being found. */
function decodedAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** As a regular expression; names have no special character but this one. */
function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}

/** A complex attribute is hidden whole: the name of its part may be one that others have, as `value`. */
function hidesSomething({ returned, mutability, subAttributes }: AttributeDefinition): boolean {
  if (returned === 'never' || mutability === 'writeOnly') return true;
  return subAttributes?.some(hidesSomething) ?? false;
}
