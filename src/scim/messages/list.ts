/**
 * The ListResponse message of RFC 7644 §3.4.2, with the cursors of RFC 9865 §2, put together from
 * the texts of its resources, which are not parsed again.
 */

const LIST_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** What leads from a page to its neighbours (RFC 9865 §2). */
export interface PageCursors {
  readonly nextCursor: string | undefined;
  readonly previousCursor: string | undefined;
}

/**
 * @param totalResults matches on all pages
 * @param startIndex 1-based, as it was applied
 * @param resources JSON texts of this page; `Resources` is there also when it is empty
 */
export function listText(
  totalResults: number,
  startIndex: number,
  resources: readonly string[],
): string {
  return (
    `{"schemas":["${LIST_RESPONSE_SCHEMA}"],"totalResults":${totalResults},` +
    `"startIndex":${startIndex},"itemsPerPage":${resources.length},` +
    `"Resources":[${resources.join(',')}]}`
  );
}

/**
 * A page of a walk by cursor; it has no index to name.
 * @param totalResults undefined when nobody has counted them, which RFC 9865 §2 allows
 * @param cursors texts that need no escape
 */
export function cursorPageText(
  totalResults: number | undefined,
  { nextCursor, previousCursor }: PageCursors,
  resources: readonly string[],
): string {
  const total = totalResults === undefined ? '' : `"totalResults":${totalResults},`;
  const previous = previousCursor === undefined ? '' : `"previousCursor":"${previousCursor}",`;
  const next = nextCursor === undefined ? '' : `"nextCursor":"${nextCursor}",`;
  return (
    `{"schemas":["${LIST_RESPONSE_SCHEMA}"],${total}"itemsPerPage":${resources.length},` +
    `${previous}${next}"Resources":[${resources.join(',')}]}`
  );
}
