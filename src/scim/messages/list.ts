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

/** Behind the last resource. */
export const LIST_END = ']}';

/** A whole list that is one page. @param resources JSON texts */
export function listText(resources: readonly string[]): string {
  return listHead(resources.length, 1, resources.length) + resources.join(',') + LIST_END;
}

/**
 * What stands before the resources of a page; `Resources` is there also when it is empty.
 * @param totalResults matches on all pages
 * @param startIndex 1-based, as it was applied
 * @param itemsPerPage resources on this page
 */
export function listHead(totalResults: number, startIndex: number, itemsPerPage: number): string {
  return (
    `{"schemas":["${LIST_RESPONSE_SCHEMA}"],"totalResults":${totalResults},` +
    `"startIndex":${startIndex},"itemsPerPage":${itemsPerPage},"Resources":[`
  );
}

/**
 * The same of a walk by cursor; its pages have no index to name.
 * @param totalResults undefined when nobody has counted them, which RFC 9865 §2 allows
 * @param cursors texts that need no escape
 */
export function cursorPageHead(
  totalResults: number | undefined,
  { nextCursor, previousCursor }: PageCursors,
  itemsPerPage: number,
): string {
  const total = totalResults === undefined ? '' : `"totalResults":${totalResults},`;
  const previous = previousCursor === undefined ? '' : `"previousCursor":"${previousCursor}",`;
  const next = nextCursor === undefined ? '' : `"nextCursor":"${nextCursor}",`;
  return (
    `{"schemas":["${LIST_RESPONSE_SCHEMA}"],${total}"itemsPerPage":${itemsPerPage},` +
    `${previous}${next}"Resources":[`
  );
}
