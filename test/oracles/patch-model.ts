/**
 * PATCH as RFC 7644 §3.5.2 tells it, sentence by sentence: slow, simple, and without a look at
 * `src/scim/patch`. It knows a few attributes of RFC 7643 §4 and what must be refused. What the RFCs
 * leave open is decided as our documents say, and marked with "Ours:".
 */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { isObject } from '../../src/scim/json.ts';
import type { ScimType } from '../../src/scim/errors.ts';
import { matches, type ModelFilter, textOfFilter, wantedBy } from './patch-model-filter.ts';
import { ENTERPRISE, traitNamed, type Trait } from './patch-model-schema.ts';

export interface ModelPath {
  /** Stands before the name with a colon. */
  readonly urn?: string;
  /** Absent for a whole extension. */
  readonly name?: string;
  readonly filter?: ModelFilter;
  readonly sub?: string;
}

export interface ModelOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: ModelPath;
  readonly value?: JsonValue;
}

/** Refused: any of these is right, because the RFC does not say which fault is told first. */
export type Outcome =
  { readonly document: JsonObject } | { readonly refused: ReadonlySet<ScimType> };

/** Ours: what an endpoint takes by default beyond the letter. */
export interface ModelOptions {
  /** The setting `patchReplaceCreatesValuePathTarget`, against §3.5.2.3. */
  readonly createsTarget: boolean;
  /** A text for `{"value":text}`, one element without its array, one value in an array. */
  readonly bareValues: boolean;
  /** The setting `dropLabels`: what loses its last value goes, although labels are left. */
  readonly dropsLabels: boolean;
  /** What is readOnly is left out of a value without path; by the letter it is refused. */
  readonly readOnlyEchoes: boolean;
  /** Of several primaries that one operation sets the first counts; by the letter: refused. */
  readonly severalPrimaries: boolean;
}

class Refusal extends Error {
  readonly types: readonly ScimType[];

  constructor(...types: readonly ScimType[]) {
    super(types.join());
    this.types = types;
  }
}

/** @param traits of the resource type, by name */
export function patchedByModel(
  traits: ReadonlyMap<string, Trait>,
  resource: JsonObject,
  operations: readonly ModelOperation[],
  options: ModelOptions,
): Outcome {
  // "Operations are applied sequentially"; "SHALL be treated as atomic".
  const document = structuredClone(resource);
  const refused = new Set<ScimType>();
  for (const operation of operations) {
    try {
      new Model(traits, document, options).apply(operation);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const type of error.types) refused.add(type);
    }
  }
  return refused.size > 0 ? { refused } : { document };
}

export function textOfPath({ urn, name, filter, sub }: ModelPath): string {
  const attribute = [urn, name].filter((part) => part !== undefined).join(':');
  const brackets = filter === undefined ? '' : `[${textOfFilter(filter)}]`;
  return `${attribute}${brackets}${sub === undefined ? '' : `.${sub}`}`;
}

/** As a client sends it. */
export function operationAsJson({ op, path, value }: ModelOperation): JsonObject {
  return {
    op,
    ...(path === undefined ? {} : { path: textOfPath(path) }),
    ...(value === undefined ? {} : { value }),
  };
}

class Model {
  private readonly traits: ReadonlyMap<string, Trait>;
  private readonly document: JsonObject;
  private readonly options: ModelOptions;

  constructor(traits: ReadonlyMap<string, Trait>, document: JsonObject, options: ModelOptions) {
    this.traits = traits;
    this.document = document;
    this.options = options;
  }

  apply({ op, path, value }: ModelOperation): void {
    // §3.5.2.2: "If "path" is unspecified, the operation fails with … noTarget".
    if (op === 'remove' && path === undefined) throw new Refusal('noTarget');
    if (op !== 'remove' && value === undefined) throw new Refusal('invalidValue', 'invalidSyntax');
    if (path !== undefined) this.at(op, path, value);
    else this.whole(op, value, undefined);
  }

  /** "The target location is assumed to be the resource itself"; likewise a whole extension. */
  private whole(
    op: ModelOperation['op'],
    value: JsonValue | undefined,
    urn: string | undefined,
  ): void {
    if (!isObject(value)) throw new Refusal('invalidValue', 'invalidSyntax');
    for (const [key, inner] of Object.entries(value)) {
      const isExtension = urn === undefined && key.toLowerCase() === ENTERPRISE.toLowerCase();
      if (isExtension) this.at(op, { urn: key }, inner);
      else if (!this.isEcho(urn, key))
        this.at(op, { ...(urn === undefined ? {} : { urn }), name: key }, inner);
    }
  }

  private isEcho(urn: string | undefined, key: string): boolean {
    return (
      this.options.readOnlyEchoes && traitNamed(this.traits, urn, key).trait?.readOnly === true
    );
  }

  private at(op: ModelOperation['op'], path: ModelPath, value: JsonValue | undefined): void {
    if (path.name === undefined) {
      if (op === 'remove' || value === null) assign(this.document, ENTERPRISE, undefined);
      else this.whole(op, value, path.urn);
      return;
    }
    const { name, trait, inExtension } = traitNamed(this.traits, path.urn, path.name);
    // Table 9 gives invalidPath to a malformed path and noTarget to one that yields no attribute; a
    // name in a value is a fault of syntax or value.
    if (trait === undefined || name === undefined) {
      throw new Refusal('invalidPath', 'noTarget', 'invalidSyntax', 'invalidValue');
    }
    const holder = inExtension ? { ...objectIn(this.document, ENTERPRISE) } : this.document;
    this.attribute(op, holder, name, trait, path, value);
    if (!inExtension) return;
    if (Object.keys(holder).length > 0) this.document[ENTERPRISE] = holder;
    else assign(this.document, ENTERPRISE, undefined);
  }

  private attribute(
    op: ModelOperation['op'],
    holder: JsonObject,
    name: string,
    trait: Trait,
    path: ModelPath,
    value: JsonValue | undefined,
  ): void {
    // "a client MUST NOT modify an attribute that has mutability "readOnly""
    if (trait.readOnly === true) throw new Refusal('mutability');
    if (trait.multi === true) {
      const elements = this.elements(op, listIn(holder, name), trait, path, value);
      assign(holder, name, elements.length > 0 ? elements : undefined);
    } else if (path.filter !== undefined) {
      throw new Refusal('invalidPath');
    } else if (trait.subs === undefined) {
      assign(holder, name, single(op, trait, value));
    } else {
      const complex = { ...objectIn(holder, name) };
      if (path.sub !== undefined) setSub(op, complex, trait.subs, path.sub, value);
      else if (op === 'remove' || value === null) {
        for (const sub of Object.keys(complex)) assign(complex, sub, undefined);
      } else setSubs(op, complex, trait.subs, this.unwrapped(trait, value));
      assign(holder, name, Object.keys(complex).length > 0 ? complex : undefined);
    }
    if (trait.required === true && holder[name] === undefined) {
      throw new Refusal('mutability', ...(op === 'remove' ? [] : (['invalidValue'] as const)));
    }
  }

  private elements(
    op: ModelOperation['op'],
    before: readonly JsonObject[],
    trait: Trait,
    path: ModelPath,
    value: JsonValue | undefined,
  ): JsonObject[] {
    const subs = trait.subs ?? new Map<string, Trait>();
    if (path.filter === undefined) {
      if (path.sub !== undefined) throw new Error('no test sets a sub-attribute of all elements');
      if (op === 'remove') return [];
      return merged(trait, op === 'add' ? before : [], this.given(trait, subs, value));
    }
    const { filter, sub } = path;
    const selected = before.map((element) => matches(element, filter));
    if (sub === undefined && (op === 'remove' || value === null)) {
      const isStrict = op !== 'remove' && !this.options.createsTarget;
      if (isStrict && !selected.includes(true)) throw new Refusal('noTarget');
      return before.filter((_, i) => selected[i] !== true);
    }
    const change = (element: JsonObject): JsonObject => {
      const changed = { ...element };
      if (sub !== undefined) setSub(op, changed, subs, sub, value);
      else setSubs(op, changed, subs, this.unwrapped(trait, value));
      return this.options.dropsLabels && losesValue(element, changed) ? {} : changed;
    };
    const probe = change({});
    if (!selected.includes(true)) return this.unmatched(op, before, trait, filter, value, change);
    const after = before.map((element, i) => (selected[i] === true ? change(element) : element));
    const changed = after.filter((each, i) => selected[i] === true && hasValue(each));
    // Ours: what the request says holds, also of an element that has become the same as another.
    const distinct = deduplicated(trait, after.filter(hasValue)).map((element) =>
      changed.some((each) => same(trait, each, element))
        ? withLaterWord(trait, element, probe)
        : element,
    );
    if (probe['primary'] !== true) return distinct;
    if (!this.options.severalPrimaries && deduplicated(trait, changed).length > 1) {
      throw new Refusal('invalidValue');
    }
    const first = after[selected.indexOf(true)] ?? {};
    return distinct.map((element) => demoted(element, same(trait, element, first)));
  }

  /** §3.5.2.2: no change. §3.5.2.3 and table 9: noTarget. */
  private unmatched(
    op: ModelOperation['op'],
    before: readonly JsonObject[],
    trait: Trait,
    filter: ModelFilter,
    value: JsonValue | undefined,
    change: (element: JsonObject) => JsonObject,
  ): JsonObject[] {
    // Ours: what would have no value is not created.
    const isNothing = value === null && this.options.createsTarget;
    if (op === 'remove' || isNothing) return [...before];
    const wanted = this.options.createsTarget ? wantedBy(filter) : undefined;
    if (wanted === undefined) throw new Refusal('noTarget');
    return merged(trait, before, [change(wanted)]);
  }

  /** The elements of one value, each once, one primary at most. */
  private given(
    trait: Trait,
    subs: ReadonlyMap<string, Trait>,
    value: JsonValue | undefined,
  ): JsonObject[] {
    if (value === null || value === undefined) return [];
    const list = this.options.bareValues && !Array.isArray(value) ? [value] : value;
    // One element without its array; what is in it may be told first.
    if (!Array.isArray(list)) throw new Refusal('invalidValue', 'invalidSyntax');
    const elements = list.map((each) => {
      const element: JsonObject = {};
      setSubs('add', element, subs, Array.isArray(each) ? each : this.unwrapped(trait, each));
      return element;
    });
    const given = deduplicated(trait, elements.filter(hasValue));
    const leader = given.find(({ primary }) => primary === true);
    const led = given.map((each) => demoted(each, each === leader));
    if (!this.options.severalPrimaries && led.some((each, i) => each !== given[i])) {
      throw new Refusal('invalidValue');
    }
    return led;
  }

  private unwrapped(trait: Trait, value: JsonValue | undefined): JsonValue | undefined {
    if (!this.options.bareValues) return value;
    const [first, ...others] = Array.isArray(value) ? value : [value];
    const bare = others.length === 0 ? first : value;
    return typeof bare === 'string' && trait.subs?.has('value') === true ? { value: bare } : bare;
  }
}

/** "If the target location specifies a single-valued attribute, the existing value is replaced." */
function single(
  op: ModelOperation['op'],
  trait: Trait,
  value: JsonValue | undefined,
): JsonValue | undefined {
  // RFC 7643 §2.5: null is unassigned.
  if (op === 'remove' || value === null) return undefined;
  if (typeof value !== trait.type) throw new Refusal('invalidValue');
  return value;
}

/** "Sub-attributes that are not specified in the "value" parameter are left unchanged." */
function setSubs(
  op: ModelOperation['op'],
  complex: JsonObject,
  subs: ReadonlyMap<string, Trait>,
  value: JsonValue | undefined,
): void {
  if (!isObject(value)) throw new Refusal('invalidValue');
  for (const [sub, inner] of Object.entries(value)) setSub(op, complex, subs, sub, inner);
}

function setSub(
  op: ModelOperation['op'],
  complex: JsonObject,
  subs: ReadonlyMap<string, Trait>,
  sub: string,
  value: JsonValue | undefined,
): void {
  const { name, trait } = traitNamed(subs, undefined, sub);
  if (trait === undefined || name === undefined) {
    throw new Refusal('invalidPath', 'noTarget', 'invalidSyntax', 'invalidValue');
  }
  if (trait.readOnly === true) throw new Refusal('mutability');
  assign(complex, name, single(op, trait, value));
}

/** "a new value is added to the attribute"; one that is there is not added again. */
function merged(
  trait: Trait,
  before: readonly JsonObject[],
  given: readonly JsonObject[],
): JsonObject[] {
  const leader = given.find(({ primary }) => primary === true);
  const led =
    leader === undefined ? before : before.map((each) => demoted(each, same(trait, each, leader)));
  return deduplicated(trait, [...led, ...given.filter(hasValue)]);
}

/** "SHALL cause the server to automatically set "primary" to "false" for any other values". */
function demoted(element: JsonObject, isLeader: boolean): JsonObject {
  return isLeader || element['primary'] !== true ? element : { ...element, primary: false };
}

/** RFC 7643 §2.4: the same (type, value) is there once. Ours: the later word counts. */
function deduplicated(trait: Trait, elements: readonly JsonObject[]): JsonObject[] {
  const kept: JsonObject[] = [];
  for (const element of elements) {
    const at = kept.findIndex((other) => same(trait, other, element));
    const other = kept[at];
    if (other === undefined) kept.push(element);
    else kept[at] = withLaterWord(trait, other, element);
  }
  return kept;
}

/** What makes them the same is there already, in whatever letter case, and stays. */
function withLaterWord(trait: Trait, element: JsonObject, later: JsonObject): JsonObject {
  const telling = tellingOf(trait, element, { ...element, ...later });
  const news = Object.entries(later).filter(([name]) => !telling.includes(name));
  return { ...element, ...Object.fromEntries(news) };
}

function same(trait: Trait, one: JsonObject, other: JsonObject): boolean {
  const telling = tellingOf(trait, one, other);
  return telling.every((name) => folded(one[name]) === folded(other[name]));
}

/** Ours: elements without a value are the same when all else but primary is. */
function tellingOf(trait: Trait, one: JsonObject, other: JsonObject): readonly string[] {
  if (one['value'] !== undefined || other['value'] !== undefined) return ['type', 'value'];
  return [...(trait.subs?.keys() ?? [])].filter((name) => name !== 'primary');
}

function losesValue(before: JsonObject, after: JsonObject): boolean {
  const isLabel = (name: string) => ['type', 'primary', 'display'].includes(name);
  return Object.keys(after).every(isLabel) && !Object.keys(before).every(isLabel);
}

function hasValue(element: JsonObject): boolean {
  return Object.keys(element).length > 0;
}

function folded(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function assign(holder: JsonObject, name: string, value: JsonValue | undefined): void {
  if (value === undefined) Reflect.deleteProperty(holder, name);
  else holder[name] = value;
}

function objectIn(holder: JsonObject, name: string): JsonObject {
  const value = holder[name];
  return isObject(value) ? value : {};
}

function listIn(holder: JsonObject, name: string): JsonObject[] {
  const value = holder[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
