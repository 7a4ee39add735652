/**
 * What a change of attributes means for stored values: for each attribute that differs, a check of
 * the object that holds it. The values themselves never show in a fault: they may be personal.
 */
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { canonicalizeScalar } from '../resource/scalar.ts';
import type { Attribute, AttributePlace, Attributes, AttributeType } from './attribute.ts';

/** @param container a document, an extension's data or a complex value, and the resource's secrets */
export type Check = (container: JsonObject, secrets: ReadonlySet<string>) => string | undefined;

/** Attributes of a schema, and the one of them whose values are rows. */
export interface AttributeSet {
  readonly attributes: Attributes;
  readonly rows: Attribute | undefined;
}

const NOUNS: Readonly<Record<AttributeType, string>> = {
  string: 'a string',
  boolean: 'true or false',
  decimal: 'a number',
  integer: 'an integer',
  dateTime: 'a date and time',
  reference: 'a reference',
  binary: 'a base64 string',
  complex: 'an object',
};

/** Checks of all that differs. @param keepsUnknown see `profileChanges` */
export function attributeChecks(
  before: AttributeSet,
  after: AttributeSet,
  keepsUnknown: boolean,
): Check[] {
  const changed = [...before.attributes.values()].flatMap((old) =>
    isInDocument(old, before)
      ? changeChecks(old, after.attributes.get(old.key), after, keepsUnknown)
      : [],
  );
  const added = [...after.attributes.values()].flatMap((next) => {
    const old = before.attributes.get(next.key);
    return [
      ...(isAsked(next) && next !== after.rows && !(old && isAsked(old)) ? [missing(next)] : []),
      ...(old === undefined && keepsUnknown ? [kept(next)] : []),
    ];
  });
  return [...changed, ...added];
}

/** Whether the document has a value at the place. */
export function hasValue({ urn, attribute, sub }: AttributePlace, document: JsonObject): boolean {
  const container = urn === undefined ? document : document[urn];
  const value = isObject(container) ? container[attribute.name] : undefined;
  if (sub === undefined || value === undefined) return value !== undefined;
  return elementsOf(value).some((element) => isObject(element) && element[sub.name] !== undefined);
}

/** What is derived or kept as rows is in no document. */
function isInDocument(attribute: Attribute, { rows }: AttributeSet): boolean {
  return !attribute.derived && attribute !== rows;
}

function changeChecks(
  old: Attribute,
  next: Attribute | undefined,
  after: AttributeSet,
  keepsUnknown: boolean,
): Check[] {
  const { path } = old;
  if (next === undefined) return [present(old, `${path} would be no attribute any more`)];
  if (next.name !== old.name) return [present(old, `${path} would be spelled ${next.path}`)];
  if (!isInDocument(next, after)) return [present(old, `${path} would be for the server to write`)];
  if (isSecret(old) !== isSecret(next)) {
    return [present(old, `${path} has a value, and cannot begin or cease to be returned never`)];
  }
  if (old.type !== next.type || old.multiValued !== next.multiValued) return [fits(next)];
  return subChecks(old, next, keepsUnknown);
}

function subChecks(old: Attribute, next: Attribute, keepsUnknown: boolean): Check[] {
  const checks = attributeChecks(
    { attributes: old.subs, rows: undefined },
    { attributes: next.subs, rows: undefined },
    keepsUnknown,
  );
  if (checks.length === 0) return [];
  return [
    (container, secrets) => {
      if (!isPresent(old, container, secrets)) return undefined;
      for (const element of elementsOf(container[next.name] ?? {})) {
        if (!isObject(element)) continue;
        for (const check of checks) {
          const fault = check(element, secrets);
          if (fault !== undefined) return fault;
        }
      }
      return undefined;
    },
  ];
}

function present(attribute: Attribute, fault: string): Check {
  return (container, secrets) => (isPresent(attribute, container, secrets) ? fault : undefined);
}

function missing(attribute: Attribute): Check {
  return (container, secrets) =>
    isPresent(attribute, container, secrets)
      ? undefined
      : `${attribute.path} is missing and would be required`;
}

/** A secret is no part of a document: only its hash is kept, beside it; so with what holds it alone. */
function isPresent(
  attribute: Attribute,
  container: JsonObject,
  secrets: ReadonlySet<string>,
): boolean {
  if (isSecret(attribute)) return secrets.has(foldAscii(attribute.path));
  const value = container[attribute.name];
  if (value !== undefined) return value !== '';
  return [...attribute.subs.values()].some((sub) => isSecret(sub) && isPresent(sub, {}, secrets));
}

function fits(attribute: Attribute): Check {
  return (container) => {
    const value = container[attribute.name];
    return value === undefined ? undefined : misfit(attribute, value);
  };
}

/** An attribute that is new to the schema and may have been kept before without one. */
function kept(attribute: Attribute): Check {
  return (container) => {
    const name = Object.keys(container).find((key) => foldAscii(key) === attribute.key);
    const value = name === undefined ? undefined : container[name];
    if (value === undefined) return undefined;
    if (name !== attribute.name) return `${attribute.path} is kept in another spelling`;
    if (isSecret(attribute)) return `${attribute.path} has a value, and would be returned never`;
    return misfit(attribute, value);
  };
}

function misfit(attribute: Attribute, value: JsonValue): string | undefined {
  const { path, multiValued, type } = attribute;
  if (multiValued !== Array.isArray(value)) {
    return `${path} would have to be ${multiValued ? 'a list' : 'a single value'}`;
  }
  return elementsOf(value).every((element) => isOfType(attribute, element))
    ? undefined
    : `${path} would have to be ${NOUNS[type]}`;
}

function isOfType(attribute: Attribute, value: JsonValue): boolean {
  if (attribute.type === 'complex') return isObject(value) && subsFit(attribute, value);
  try {
    // Times as they may have been stored while the endpoint took them loosely.
    const dialect = { textBooleans: false, looseDateTimes: true };
    return canonicalizeScalar(attribute, value, dialect) === value;
  } catch {
    return false;
  }
}

function subsFit({ subs, requiredSubs }: Attribute, value: JsonObject): boolean {
  return (
    requiredSubs.every(({ name }) => value[name] !== undefined) &&
    Object.keys(value).every((key) => {
      const sub = subs.named(key);
      const inner = value[key];
      if (sub === undefined || inner === undefined) return true;
      return sub.name === key && !isSecret(sub) && misfit(sub, inner) === undefined;
    })
  );
}

function isSecret(attribute: Attribute): boolean {
  return attribute.returned === 'never';
}

/** Required of the client. */
function isAsked(attribute: Attribute): boolean {
  return attribute.required && attribute.mutability !== 'readOnly';
}

function elementsOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value];
}
