/**
 * What a schema says of an attribute (RFC 7643 §2, §7), and the form it is compiled into. The
 * definition is the RFC's own JSON and is what /Schemas shows; the compiled form is what
 * validation, filters, PATCH and projection read, so that none of them walks a definition per
 * request.
 */

export type AttributeType =
  'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'reference' | 'binary' | 'complex';
export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
export type Returned = 'always' | 'never' | 'default' | 'request';
export type Uniqueness = 'none' | 'server' | 'global';

/** One attribute as RFC 7643 §7 writes it. Every characteristic is always present. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly canonicalValues?: readonly string[];
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
}

/** A schema as /Schemas shows it (RFC 7643 §7). */
export interface SchemaDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

/** A resource type as /ResourceTypes shows it (RFC 7643 §6). */
export interface ResourceTypeDefinition {
  readonly id: string;
  readonly name: string;
  /** With its leading slash: `/Users`. */
  readonly endpoint: string;
  readonly description: string;
  readonly schema: string;
  readonly schemaExtensions: readonly { readonly schema: string; readonly required: boolean }[];
}

/** Attributes by key. */
export interface Attributes extends ReadonlyMap<string, Attribute> {
  /** By a name in any case; fastest in the schema's spelling. */
  named(name: string): Attribute | undefined;
}

/** An attribute compiled for look-up by folded name. */
export interface Attribute {
  /** The schema's spelling, used in every answer whatever the client typed. */
  readonly name: string;
  /** `foldAscii(name)`: attribute names are ASCII and compare without case (RFC 7643 §2.1). */
  readonly key: string;
  /** For error texts: `name.givenName`, or `urn:…:User:manager.value` in an extension. */
  readonly path: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  /** `never` also for what is writeOnly: RFC 7643 §7 forbids to return it. */
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  readonly canonicalValues: readonly string[];
  readonly referenceTypes: readonly string[];
  /** Sub-attributes by key; empty unless complex. */
  readonly subs: Attributes;
  /** Sub-attributes that every value of this attribute must have. */
  readonly requiredSubs: readonly Attribute[];
  /**
   * True for what the server derives and no stored document holds: `meta`, `User.groups`, and of a
   * group's members all but `value`. (Members are rows too, but clients write them: see
   * ResourceType.membership.)
   */
  readonly derived: boolean;
}

/** A schema extension of a resource type; its data live under `urn` (RFC 7643 §3.3). */
export interface Extension {
  readonly urn: string;
  readonly required: boolean;
  /** By key. */
  readonly attributes: Attributes;
  /** As in ResourceType; they count when the extension's data are there. */
  readonly requirements: readonly Attribute[];
}

/** Where the values of an attribute lie in a resource. */
export interface AttributePlace {
  /** `foldAscii` of the attribute's path: names the place in the store's rows. */
  readonly key: string;
  /** Key of the extension's object; undefined for core attributes. */
  readonly urn: string | undefined;
  readonly attribute: Attribute;
  /** Undefined when the attribute itself has the values. */
  readonly sub: Attribute | undefined;
  /** Which has the values: `sub`, or else `attribute`. */
  readonly leaf: Attribute;
}

/** A place whose values have keys in an index. */
export interface IndexedPlace extends AttributePlace {
  /**
   * The type's name, where its index finds resources by their name as well as this one would: a value
   * that is the name has no key here. A user's address is that as a rule, and each key costs a create
   * about a quarter.
   */
  readonly besideName: Attribute | undefined;
}

/** A resource type compiled for one endpoint. */
export interface ResourceType {
  readonly name: string;
  /** The endpoint's path segment without slash: `Users`. */
  readonly endpoint: string;
  readonly schema: string;
  /** Core and common attributes (`id`, `externalId`, `meta`, `schemas`) by key. */
  readonly attributes: Attributes;
  /** By `foldAscii(urn)`. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /**
   * The first attribute of which no two resources of the type share a value: `userName` of User,
   * `displayName` of Group. The store keeps it in an indexed key column.
   */
  readonly nameAttribute: Attribute | undefined;
  /** Further attributes of which no two resources share a value; none in the core types. */
  readonly uniques: readonly AttributePlace[];
  /** Of which the endpoint wants an index (`indexedAttributes`). Whether it is built only the store knows. */
  readonly indexed: readonly IndexedPlace[];
  /**
   * What is returned `never`: `password`. Single-valued strings all of them, so that each has one
   * hash. No document holds one, and in no command is one in clear.
   */
  readonly secrets: readonly AttributePlace[];
  /** True when a resource cannot be judged complete without its secrets: one of them is required. */
  readonly hasRequiredSecret: boolean;
  /** The attribute kept as rows of the members table: Group's `members`, else undefined. */
  readonly membership: Attribute | undefined;
  /** The attribute derived from membership rows: User's `groups`, else undefined. */
  readonly groups: Attribute | undefined;
  /** True when an attribute anywhere in the type is `immutable`, beyond those of members. */
  readonly hasImmutable: boolean;
  /** Core attributes that are required or have required sub-attributes; no readOnly ones. */
  readonly requirements: readonly Attribute[];
  /** True when an attribute anywhere in the type is returned on `request` only. */
  readonly hasReturnedRequest: boolean;
  /**
   * Names of top-level attributes that are not kept in a stored document as clients send them:
   * `schemas`, `id`, what is derived, membership, and what is returned `never`.
   */
  readonly unstored: ReadonlySet<string>;
}

/** Everything an endpoint serves, compiled once per change of its profile. */
export interface Registry {
  /** By `foldAscii(endpoint)`: `users`. */
  readonly typesByEndpoint: ReadonlyMap<string, ResourceType>;
  /** By exact name: `User`. */
  readonly typesByName: ReadonlyMap<string, ResourceType>;
  /** In the order that discovery shows. */
  readonly schemas: readonly SchemaDefinition[];
  readonly resourceTypes: readonly ResourceTypeDefinition[];
}
