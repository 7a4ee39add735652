/**
 * Finds the attributes of a type that the store keeps beside the document: those that are unique
 * (RFC 7643 §7 `uniqueness`) and those that are secret (`returned: never`). What cannot be kept as
 * its definition asks throws a plain Error that names the attribute: better no such type than one
 * that promises what it does not do.
 */
import { foldAscii } from '../fold.ts';
import type { Attribute, AttributePlace, Extension } from './attribute.ts';

/**
 * @param name the attribute that has a key column already
 * @param membership its values are rows of their own
 * @throws Error for an attribute that can have no unique values
 */
export function uniquePlaces(
  places: readonly AttributePlace[],
  name: Attribute | undefined,
  membership: Attribute | undefined,
): AttributePlace[] {
  const uniques = places.filter(({ leaf }) => leaf.uniqueness !== 'none' && leaf !== name);
  for (const { attribute, leaf } of uniques) {
    // RFC 7643 §2.3.8: there is no saying when two complex values are the same.
    if (leaf.type === 'complex') {
      throw new Error(`${leaf.path} is complex, which cannot be unique; a sub-attribute can`);
    }
    if (attribute === membership) {
      throw new Error(`${leaf.path} cannot be unique: a resource may be a member of many groups`);
    }
  }
  return uniques;
}

/** @throws Error for an attribute that is returned never and cannot be kept as one hash */
export function secretPlaces(places: readonly AttributePlace[]): AttributePlace[] {
  const secrets = places.filter(({ leaf }) => leaf.returned === 'never');
  for (const { attribute, leaf } of secrets) {
    if (leaf.type !== 'string') {
      throw new Error(
        `${leaf.path} is of type ${leaf.type} and never returned: only a string can be, because it is kept as a hash`,
      );
    }
    // Hashes are salted: nobody could tell which element is meant, or that a value is there twice.
    if (attribute.multiValued || leaf.multiValued) {
      throw new Error(
        `${leaf.path} is multi-valued and never returned: only a single value can be, because it is kept as a hash`,
      );
    }
    if (leaf.uniqueness !== 'none') {
      throw new Error(
        `${leaf.path} is never returned and cannot be unique: salted hashes of one value differ`,
      );
    }
  }
  return secrets;
}

/** Every place where a client can put a value, complex attributes included. */
export function writablePlaces(
  core: readonly Attribute[],
  extensions: readonly Extension[],
): AttributePlace[] {
  return [
    ...core.flatMap((attribute) => placesIn(undefined, attribute)),
    ...extensions.flatMap(({ urn, attributes }) =>
      [...attributes.values()].flatMap((attribute) => placesIn(urn, attribute)),
    ),
  ];
}

function placesIn(urn: string | undefined, attribute: Attribute): AttributePlace[] {
  if (!isWritable(attribute)) return [];
  return [
    { key: foldAscii(attribute.path), urn, attribute, sub: undefined, leaf: attribute },
    ...[...attribute.subs.values()]
      .filter(isWritable)
      .map((sub) => ({ key: foldAscii(sub.path), urn, attribute, sub, leaf: sub })),
  ];
}

function isWritable({ mutability, derived }: Attribute): boolean {
  return mutability !== 'readOnly' && !derived;
}
