/**
 * Which attributes can have an index of their own (setting `indexedAttributes`): what a client writes
 * and a stored document holds, one simple value at a time. What the store finds by other means, and
 * what no filter may name, has no use for one.
 */
import { badRequest } from '../errors.ts';
import type {
  Attribute,
  AttributePlace,
  IndexedPlace,
  Registry,
  ResourceType,
} from './attribute.ts';
import { writablePlaces } from './places.ts';
import { resolvePath } from './resolve.ts';

export type UnindexedType = Omit<ResourceType, 'indexed'>;

/** Of an attribute that cannot be indexed: what it is, as the end of a sentence. */
type Refusal = string;

/** As many of an error's paths as need be to tell which one is meant. */
const SHOWN_LENGTH = 100;

/** The places that the paths mean for a type, each once; what it does not have or cannot index is left out. */
export function indexedPlaces(type: UnindexedType, paths: readonly string[]): IndexedPlace[] {
  const places = new Map<string, IndexedPlace>();
  for (const path of paths) {
    const place = placeOf(type, path);
    if (typeof place !== 'object') continue;
    places.set(place.key, { ...place, besideName: nameBeside(type, place) });
  }
  return [...places.values()];
}

/**
 * Each path must be worth an index in one type at least.
 * @throws ScimError 400 invalidValue naming the path that is not, and why
 */
export function checkIndexedPaths({ typesByName }: Registry, paths: readonly string[]): void {
  const types = [...typesByName.values()];
  for (const path of paths) {
    const found = types.map((type) => placeOf(type, path));
    if (found.some((place) => typeof place === 'object')) continue;
    const refusal: Refusal =
      found.find((place) => typeof place === 'string') ??
      `names no attribute of ${types.map(({ name }) => name).join(', ')}; take a path such as "emails.value"`;
    const shown = path.length > SHOWN_LENGTH ? `${path.slice(0, SHOWN_LENGTH)}…` : path;
    throw badRequest(
      'invalidValue',
      `config.indexedAttributes: ${JSON.stringify(shown)} ${refusal}`,
    );
  }
}

function placeOf(type: UnindexedType, path: string): AttributePlace | Refusal | undefined {
  const resolved = resolvePath(type, path);
  if (resolved === undefined) return undefined;
  const { attribute, extension } = resolved;
  if (attribute === undefined) return 'names a whole schema; add ":" and an attribute of it';
  // As in filters: a complex attribute compares by its `value`.
  const sub = resolved.sub ?? attribute.subs.get('value');
  const leaf = sub ?? attribute;
  if (leaf.type === 'complex') {
    const names = [...attribute.subs.values()].map(({ name }) => name).join(', ');
    return `is complex; name one of its sub-attributes (${names})`;
  }
  if (hasIndex(type, attribute, leaf)) return 'has an index anyway';
  if (leaf.returned === 'never' || attribute.returned === 'never') {
    return 'is never returned, and no filter can name it';
  }
  if (attribute.multiValued && leaf.key === 'primary') {
    return 'is false wherever it is absent, which no index holds';
  }
  const urn = extension?.urn;
  const places = urn === undefined ? [attribute] : [];
  const extensions = extension === undefined ? [] : [extension];
  const place = writablePlaces(places, extensions).find((each) => each.leaf === leaf);
  if (place === undefined || (urn === undefined && type.unstored.has(attribute.name))) {
    return 'is written by the server, not by clients, and cannot be indexed';
  }
  return place;
}

/** Only where many values are names, and both compare alike. */
function nameBeside(
  { nameAttribute }: UnindexedType,
  { attribute, leaf }: AttributePlace,
): Attribute | undefined {
  if (nameAttribute?.type !== 'string' || leaf.type !== 'string') return undefined;
  const alike = nameAttribute.caseExact === leaf.caseExact;
  return attribute.multiValued && alike ? nameAttribute : undefined;
}

function hasIndex(type: UnindexedType, attribute: Attribute, leaf: Attribute): boolean {
  if (attribute === type.membership || attribute === type.groups) return leaf.key === 'value';
  return leaf === type.nameAttribute || attribute.path === 'id' || attribute.path === 'externalId';
}
