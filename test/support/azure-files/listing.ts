/**
 * The answer to "List Directories and Files": one level, entries of both kinds intermingled in
 * lexical order, and a marker for the rest.
 */
import type { DirectoryNode, ShareNode } from './share-tree.ts';

export interface ListingOptions {
  readonly prefix: string;
  /** From the answer before; empty for the first. */
  readonly marker: string;
  readonly pageSize: number;
  /** `include=Timestamps`. */
  readonly timestamps: boolean;
}

export function listingXml(
  share: string,
  path: string,
  directory: DirectoryNode,
  { prefix, marker, pageSize, timestamps }: ListingOptions,
): string {
  const rest = [...directory.children]
    .filter(([name]) => name.startsWith(prefix) && name >= marker)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const entries = rest.slice(0, pageSize).map(([name, node]) => entryXml(name, node, timestamps));
  // "Response body": NextMarker has a value only if the list is not complete.
  const [next = ''] = rest[pageSize] ?? [];
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<EnumerationResults ShareName="${escape(share)}" DirectoryPath="${escape(path)}">` +
    (prefix === '' ? '' : `<Prefix>${escape(prefix)}</Prefix>`) +
    `<Entries>${entries.join('')}</Entries><NextMarker>${escape(next)}</NextMarker>` +
    '</EnumerationResults>'
  );
}

function entryXml(name: string, node: ShareNode, timestamps: boolean): string {
  if (node.kind === 'directory') {
    return `<Directory><Name>${escape(name)}</Name><Properties /></Directory>`;
  }
  const time = node.lastModified;
  // "Datetime format and API version for timestamp fields".
  const times = timestamps
    ? `<LastWriteTime>${time.toISOString()}</LastWriteTime><Last-Modified>${time.toUTCString()}</Last-Modified>`
    : '';
  const length = `<Content-Length>${node.content.length}</Content-Length>`;
  return `<File><Name>${escape(name)}</Name><Properties>${length}${times}</Properties></File>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
