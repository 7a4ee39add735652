/**
 * What the names in `attributes` and `excludedAttributes` select of a resource, as a tree: names are
 * resolved once per request, and nothing that applies the tree parses one. The notation of RFC 7644
 * §3.10 and, beyond it, value paths: `emails[type eq "work"]` is the elements that match.
 */
import { badRequest } from '../errors.ts';
import { compileElementFilter } from '../filter/evaluate.ts';
import type { JsonValue } from '../json.ts';
import type { PatchPath } from '../patch/operation.ts';
import { parseNamePath } from '../path/parse.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { resolvePath } from '../schema/resolve.ts';
import { quoted } from './wording.ts';

export type Part = 'whole' | Selection;

/** Of an object, or of each element of a list of objects. */
export interface Selection {
  /** By name as stored. */
  readonly parts: Map<string, Part>;
  /** What is selected besides, of those elements of a list that match. */
  readonly choices: Choice[];
}

export interface Choice {
  readonly matches: (element: JsonValue) => boolean;
  readonly part: Part;
}

/** The filters of value paths run over every element of every resource shown. */
const PATH_LIMITS = { maxLength: 1000, maxDepth: 8, maxNodes: 50 };
const CHOICES_MAX = 50;

/** What a name leads to, and the selection that it belongs into. */
interface Place {
  readonly level: Selection;
  readonly attribute: Attribute;
  /** False when the name is that of its extension. */
  readonly isNamed: boolean;
  readonly sub: Attribute | undefined;
  /** Undefined without a value path. */
  readonly matches: Choice['matches'] | undefined;
}

/**
 * Adds to a selection what each name leads to. Names that the type does not have are taken as they
 * are: they may be of attributes that were kept although the schema lacks them.
 * @param wholeOf what an attribute means, by its own name or by that of its extension; undefined when
 *   it selects nothing
 * @param partsOf the sub-attributes that the name of one selects
 * @throws ScimError 400 invalidValue, invalidFilter for a value path
 */
export function selectNamed(
  selection: Selection,
  type: ResourceType,
  names: readonly string[],
  wholeOf: (attribute: Attribute, isNamed: boolean) => Part | undefined,
  partsOf: (attribute: Attribute, sub: Attribute) => readonly Attribute[],
): void {
  let choices = 0;
  for (const name of names) {
    for (const { level, attribute, isNamed, sub, matches } of placesOf(selection, type, name)) {
      const part =
        sub === undefined ? wholeOf(attribute, isNamed) : partsPart(partsOf(attribute, sub));
      if (part === undefined) continue;
      if (matches === undefined) {
        addPart(level, attribute.name, part);
        continue;
      }
      choices += 1;
      if (choices > CHOICES_MAX) throw tooManyChoices();
      const present = level.parts.get(attribute.name);
      if (present !== 'whole') within(level, attribute.name).choices.push({ matches, part });
    }
  }
}

export function emptySelection(): Selection {
  return { parts: new Map(), choices: [] };
}

/** Selects more of what is under a name; what is selected whole stays so. */
export function addPart(level: Selection, name: string, part: Part): void {
  if (part === 'whole') {
    level.parts.set(name, part);
    return;
  }
  if (level.parts.get(name) === 'whole') return;
  const inner = within(level, name);
  for (const [key, each] of part.parts) addPart(inner, key, each);
}

/** The selection under a name; of something that is not selected whole. */
export function within(level: Selection, name: string): Selection {
  const present = level.parts.get(name);
  if (present !== undefined && present !== 'whole') return present;
  const created = emptySelection();
  level.parts.set(name, created);
  return created;
}

/** The given sub-attributes; undefined when there are none. */
export function partsPart(subs: readonly Attribute[]): Part | undefined {
  if (subs.length === 0) return undefined;
  return { parts: new Map(subs.map((sub) => [sub.name, 'whole'])), choices: [] };
}

/** The attributes that a name leads to: those of a whole extension, one, or none. */
function placesOf(selection: Selection, type: ResourceType, name: string): Place[] {
  const path = name.includes('[') ? parseNamePath(name, PATH_LIMITS) : undefined;
  const resolved = resolvePath(type, path?.attribute ?? name);
  if (resolved === undefined) {
    if (path === undefined) selection.parts.set(name, 'whole');
    return [];
  }
  const { extension, attribute, sub } = resolved;
  const level = extension === undefined ? selection : within(selection, extension.urn);
  if (path !== undefined) return chosen(level, attribute, path);
  if (attribute !== undefined)
    return [{ level, attribute, isNamed: true, sub, matches: undefined }];
  const all = [...(extension?.attributes.values() ?? [])];
  return all.map((each) => ({
    level,
    attribute: each,
    isNamed: false,
    sub: undefined,
    matches: undefined,
  }));
}

/** Elements of a list, or a sub-attribute of these; nothing when it has no such sub-attribute. */
function chosen(level: Selection, attribute: Attribute | undefined, path: PatchPath): Place[] {
  const { text, filter, sub: subName } = path;
  if (attribute?.multiValued !== true || filter === undefined) {
    throw badRequest(
      'invalidValue',
      `${quoted(text)}: a filter in brackets selects elements of a multi-valued attribute, which ${attribute?.path ?? quoted(path.attribute)} is not`,
    );
  }
  const sub = subName === undefined ? undefined : attribute.subs.named(subName);
  if (subName !== undefined && sub === undefined) return [];
  return [
    { level, attribute, isNamed: true, sub, matches: compileElementFilter(filter, attribute) },
  ];
}

function tooManyChoices(): Error {
  return badRequest('invalidValue', `at most ${CHOICES_MAX} attributes with a filter may be named`);
}
