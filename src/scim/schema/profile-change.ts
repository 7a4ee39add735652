/**
 * What a change of schemas means for resources that are stored already. Documents are never
 * rewritten, so a change that some of them would not fit is refused. Only what differs is looked at:
 * a type that gains attributes, or types that come, need no look at any resource.
 *
 * The invariant: a resource that fitted the types of before and has no fault fits those of after.
 */
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { AttributePlace, Extension, Registry, ResourceType } from './attribute.ts';
import { attributeChecks, type Check, hasValue } from './attribute-change.ts';

/** What is stored of a resource. */
export interface StoredFacts {
  readonly document: JsonObject;
  /** Keys of the places where it has a hash instead of a value (`AttributePlace.key`). */
  readonly secrets: ReadonlySet<string>;
  readonly hasMembers: boolean;
}

/** A type whose resources must be looked at. */
export interface TypeChange {
  readonly type: string;
  /** Why the resource would not fit, in one line; undefined when it would. */
  readonly faultOf: (facts: StoredFacts) => string | undefined;
}

type ResourceCheck = TypeChange['faultOf'];

/**
 * @param keepsUnknown whether documents may hold attributes that no schema knew: then new attributes
 *   are looked at, too
 */
export function profileChanges(
  before: Registry,
  after: Registry,
  keepsUnknown: boolean,
): readonly TypeChange[] {
  if (before === after) return [];
  return [...before.typesByName.values()].flatMap((old) => {
    const next = after.typesByName.get(old.name);
    if (next === undefined) return [{ type: old.name, faultOf: () => 'its type would be gone' }];
    const checks = typeChecks(old, next, keepsUnknown);
    return checks.length === 0 ? [] : [{ type: old.name, faultOf: firstFault(checks) }];
  });
}

/** For people: how many resources do not fit, and one of them. */
export function misfitText(
  count: number,
  example: { readonly type: string; readonly id: string; readonly fault: string },
): string {
  const resources = count === 1 ? 'a stored resource does' : `${count} stored resources do`;
  const { type, id, fault } = example;
  return `${resources} not fit the new schemas, for example ${type} ${id}: ${fault}; change or delete what does not fit, then try again`;
}

function firstFault(checks: readonly ResourceCheck[]): ResourceCheck {
  return (facts) => {
    for (const check of checks) {
      const fault = check(facts);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

function typeChecks(old: ResourceType, next: ResourceType, keepsUnknown: boolean): ResourceCheck[] {
  const core = attributeChecks(
    { attributes: old.attributes, rows: old.membership },
    { attributes: next.attributes, rows: next.membership },
    keepsUnknown,
  );
  return [
    ...schemaCheck(old, next),
    ...core.map((check) => inContainer(undefined, check)),
    ...membershipCheck(old, next),
    ...[...old.extensions].flatMap(([key, extension]) =>
      extensionChecks(extension, next.extensions.get(key), keepsUnknown),
    ),
    ...[...next.extensions].flatMap(([key, extension]) =>
      old.extensions.has(key) ? [] : newExtensionChecks(extension, keepsUnknown),
    ),
    ...uniquenessChecks(old, next, keepsUnknown),
  ];
}

/** A document says its schema; what says another one would be served so. */
function schemaCheck(old: ResourceType, next: ResourceType): ResourceCheck[] {
  if (old.schema === next.schema) return [];
  return [() => `schemas names ${old.schema} and would have to name ${next.schema}`];
}

function membershipCheck(old: ResourceType, next: ResourceType): ResourceCheck[] {
  if (old.membership === undefined || next.membership?.name === old.membership.name) return [];
  const { path } = old.membership;
  return [
    ({ hasMembers }) => (hasMembers ? `it has members, and ${path} would keep none` : undefined),
  ];
}

function extensionChecks(
  old: Extension,
  next: Extension | undefined,
  keepsUnknown: boolean,
): ResourceCheck[] {
  const { urn } = old;
  if (next === undefined) return [inDocument(urn, `${urn} would be no extension of its type`)];
  if (next.urn !== urn) return [inDocument(urn, `${urn} would be spelled ${next.urn}`)];
  const checks = attributeChecks(
    { attributes: old.attributes, rows: undefined },
    { attributes: next.attributes, rows: undefined },
    keepsUnknown,
  );
  return [
    ...checks.map((check) => inContainer(urn, check)),
    ...(next.required && !old.required ? [missing(urn)] : []),
  ];
}

function newExtensionChecks({ urn, required }: Extension, keepsUnknown: boolean): ResourceCheck[] {
  const key = foldAscii(urn);
  const kept: ResourceCheck = ({ document }) =>
    Object.keys(document).some((name) => foldAscii(name) === key)
      ? `${urn} has data that no schema knew`
      : undefined;
  return [...(keepsUnknown ? [kept] : []), ...(required ? [missing(urn)] : [])];
}

/**
 * Where unique values are kept, and in which form, is decided by the attribute; nothing rewrites
 * what is there. So an attribute that has values keeps its place among the unique ones, or outside.
 */
function uniquenessChecks(
  old: ResourceType,
  next: ResourceType,
  keepsUnknown: boolean,
): ResourceCheck[] {
  const before = uniqueForms(old);
  const after = uniqueForms(next);
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const was = before.get(key);
    const becomes = after.get(key);
    const place = was?.place ?? becomes?.place;
    if (place === undefined || was?.form === becomes?.form) return [];
    if (!keepsUnknown && !hasPlace(old, place)) return [];
    const fault = `${place.leaf.path} has a value, which its uniqueness, caseExact and type cannot change under`;
    return [({ document }: StoredFacts) => (hasValue(place, document) ? fault : undefined)];
  });
}

interface UniqueForm {
  readonly place: AttributePlace;
  /** Equal when values are kept in the same place as the same keys. */
  readonly form: string;
}

function uniqueForms(type: ResourceType): Map<string, UniqueForm> {
  const forms = new Map<string, UniqueForm>();
  const { nameAttribute: leaf } = type;
  if (leaf !== undefined) {
    const key = foldAscii(leaf.path);
    const place = { key, urn: undefined, attribute: leaf, sub: undefined, leaf };
    forms.set(key, { place, form: `name ${leaf.caseExact}` });
  }
  for (const place of type.uniques) {
    const { type: valueType, caseExact } = place.leaf;
    forms.set(place.key, { place, form: `value ${valueType} ${caseExact}` });
  }
  return forms;
}

/** Whether the type knew the attribute; if not, no document has a value of it. */
function hasPlace(type: ResourceType, { urn, attribute, sub }: AttributePlace): boolean {
  const attributes =
    urn === undefined ? type.attributes : type.extensions.get(foldAscii(urn))?.attributes;
  const known = attributes?.get(attribute.key);
  return known !== undefined && (sub === undefined || known.subs.has(sub.key));
}

function inContainer(urn: string | undefined, check: Check): ResourceCheck {
  return (facts) => {
    const { document, secrets } = facts;
    if (urn === undefined) return check(document, secrets);
    if (!hasExtension(urn, facts)) return undefined;
    const data = document[urn];
    return check(isObject(data) ? data : {}, secrets);
  };
}

function inDocument(urn: string, fault: string): ResourceCheck {
  return (facts) => (hasExtension(urn, facts) ? fault : undefined);
}

function missing(urn: string): ResourceCheck {
  return (facts) =>
    hasExtension(urn, facts) ? undefined : `${urn} is missing and would be required`;
}

/** An extension of nothing but secrets has no data in the document. */
function hasExtension(urn: string, { document, secrets }: StoredFacts): boolean {
  const prefix = `${foldAscii(urn)}:`;
  return document[urn] !== undefined || [...secrets].some((key) => key.startsWith(prefix));
}
