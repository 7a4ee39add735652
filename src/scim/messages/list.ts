/**
 * The ListResponse message of RFC 7644 §3.4.2, put together from the texts of its resources, which
 * are not parsed again.
 */

const LIST_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

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
