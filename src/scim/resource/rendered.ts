/**
 * From stored text to the bytes of a response without parsing. A stored document is JSON text that
 * starts with `schemas` and `id` and holds neither `meta` nor what is derived from membership
 * rows; these are written behind it, because they depend on the request (location) or on other
 * rows.
 */
import { dateTimeText } from './date-time-text.ts';

/** What `meta` is made of (RFC 7643 §3.1). Times in milliseconds since 1970. */
export interface ResourceMeta {
  readonly created: number;
  readonly lastModified: number;
  /** Change sequence of the last write; unique in the store, never reused. */
  readonly version: number;
}

/** A member of a group, or a group of a user, as its element shows it. */
export interface Link {
  readonly value: string;
  /** Resource type name of the member (`User`, `Group`), or `direct`/`indirect` of a group. */
  readonly type: string;
  readonly display: string;
  /** Path segment for `$ref`: `Users`. Empty for a kept member that names no resource. */
  readonly endpoint: string;
}

/** `W/"42"`: the entity-tag of a version, as in the ETag header and `meta.version`. */
export function entityTag(version: number): string {
  return `W/"${String(version)}"`;
}

/** `https://host/scim/v2` + `Users` + id. The base carries no trailing slash. */
export function resourceLocation(base: string, endpoint: string, id: string): string {
  return `${base}/${endpoint}/${id}`;
}

/** The `meta` object as JSON text. `location` needs no escape: it is a URL that http has built. */
export function metaText(typeName: string, meta: ResourceMeta, location: string): string {
  const created = dateTimeText(meta.created);
  const lastModified =
    meta.lastModified === meta.created ? created : dateTimeText(meta.lastModified);
  return (
    `{"resourceType":"${typeName}","created":"${created}",` +
    `"lastModified":"${lastModified}","location":${JSON.stringify(location)},` +
    `"version":"W/\\"${String(meta.version)}\\""}`
  );
}

/**
 * A whole resource as JSON text.
 * @param document stored JSON object text, never `{}`
 */
export function resourceText(
  document: string,
  meta: string,
  linksName?: string,
  links?: string,
): string {
  return document.slice(0, -1) + resourceTail(meta, linksName, links);
}

/**
 * What a whole resource has in place of the brace that ends its stored document.
 * @param linksName `members` or `groups`, when `links` is given
 * @param links JSON array text as `linksText` writes it; an empty array is left out (RFC 7643 §2.5)
 */
export function resourceTail(meta: string, linksName?: string, links?: string): string {
  return hasLinks(links) && linksName !== undefined
    ? `,"${linksName}":${links},"meta":${meta}}`
    : `,"meta":${meta}}`;
}

export function hasLinks(links: string | undefined): links is string {
  return links !== undefined && links !== '[]';
}

/** Members or groups as JSON array text, `$ref` made absolute with `base`. */
export function linksText(links: Iterable<Link>, base: string): string {
  let text = '';
  for (const link of links) {
    text += text === '' ? '[' : ',';
    text += `{"value":${JSON.stringify(link.value)}`;
    if (link.endpoint !== '') {
      text += `,"$ref":${JSON.stringify(resourceLocation(base, link.endpoint, link.value))}`;
      text += `,"display":${JSON.stringify(link.display)},"type":"${link.type}"`;
    }
    text += '}';
  }
  return text === '' ? '[]' : `${text}]`;
}
