/**
 * If-Match and If-None-Match against the current version (RFC 7644 §3.14). Our entity-tags are
 * weak, so that both compare weakly, although RFC 9110 §13.1.1 asks If-Match to compare strongly:
 * with weak tags that would never match, and SCIM clients send what `meta.version` says.
 */

/** Whether a write may go on. A header that is no list of entity-tags does not hold. */
export function ifMatchHolds(header: string, version: number): boolean {
  return names(header, version);
}

/** Whether the client has the version already: the answer is then 304. */
export function ifNoneMatchHolds(header: string, version: number): boolean {
  return names(header, version);
}

/** Our tags hold no comma, so that splitting foreign ones at theirs cannot make one of ours. */
function names(header: string, version: number): boolean {
  const opaque = `"${version}"`;
  return header.split(',').some((part) => {
    const tag = part.trim();
    return tag === '*' || tag === opaque || tag === `W/${opaque}`;
  });
}
