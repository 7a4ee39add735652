/**
 * The operations of the Azure Files REST API that the storage uses, from a request whose signature
 * was checked to its answer. Anything else is refused, so that a test tells when the storage begins
 * to use more.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './error-answers.ts';
import { Refusal } from './error-answers.ts';
import { listingXml } from './listing.ts';
import type { FileNode, ShareTree } from './share-tree.ts';

export interface FilesRequest {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ShareContext {
  readonly name: string;
  readonly tree: ShareTree;
  /** Entries in one answer to a list, at most. */
  readonly pageSize: number;
  /** The path in the share that a URL leads to; undefined: to another share. */
  readonly pathOf: (url: string) => string | undefined;
}

/** "Put Range", Remarks, Range update operations. */
const RANGE_BYTES_MAX = 4 * 1024 * 1024;

type Operation = (share: ShareContext, request: FilesRequest) => Reply;

/** By method, `restype` and `comp`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'PUT directory ': createDirectory,
  'DELETE directory ': deleteDirectory,
  'GET directory list': listDirectory,
  'PUT  ': createFile,
  'PUT  range': putRange,
  'PUT  rename': renameFile,
  'GET  ': getFile,
  'HEAD  ': getFileProperties,
  'DELETE  ': deleteFile,
};

/** @throws Refusal */
export function operate(share: ShareContext, request: FilesRequest): Reply {
  const { method, query } = request;
  const operation =
    OPERATIONS[`${method} ${query.get('restype') ?? ''} ${query.get('comp') ?? ''}`];
  if (operation === undefined) throw new Refusal('UnsupportedHttpVerb');
  return operation(share, request);
}

function createDirectory({ tree }: ShareContext, { path }: FilesRequest): Reply {
  tree.createDirectory(path);
  return { status: 201 };
}

function deleteDirectory({ tree }: ShareContext, { path }: FilesRequest): Reply {
  tree.deleteDirectory(path);
  return { status: 202 };
}

function listDirectory(share: ShareContext, { path, query }: FilesRequest): Reply {
  const maxResults = query.get('maxresults');
  // "List Directories and Files", URI parameters: zero and less are refused.
  if (maxResults !== undefined && !(Number(maxResults) > 0)) {
    throw new Refusal('OutOfRangeQueryParameterValue');
  }
  const body = listingXml(share.name, path, share.tree.directory(path), {
    prefix: query.get('prefix') ?? '',
    marker: query.get('marker') ?? '',
    pageSize: Math.min(Number(maxResults ?? Infinity), share.pageSize),
    timestamps: (query.get('include') ?? '').split(',').includes('Timestamps'),
  });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

/** "Create File", Request headers: the type and the size of the file are required. */
function createFile({ tree }: ShareContext, { path, headers }: FilesRequest): Reply {
  const type = required(headers, 'x-ms-type');
  const bytes = Number(required(headers, 'x-ms-content-length'));
  if (type.toLowerCase() !== 'file' || !Number.isSafeInteger(bytes)) {
    throw new Refusal('InvalidHeaderValue');
  }
  return { status: 201, headers: properties(tree.createFile(path, bytes)) };
}

/** "Put Range", Request headers: the range and the length of the body match. */
function putRange({ tree }: ShareContext, { path, headers, body }: FilesRequest): Reply {
  if (required(headers, 'x-ms-write').toLowerCase() !== 'update') {
    throw new Refusal('InvalidHeaderValue');
  }
  const { start, end } = rangeOf(headers);
  if (body.length > RANGE_BYTES_MAX) throw new Refusal('RequestBodyTooLarge');
  if (end - start + 1 !== body.length) throw new Refusal('InvalidHeaderValue');
  const contentMd5 = createHash('md5').update(body).digest('base64');
  const announced = headers['content-md5'];
  if (announced !== undefined && announced !== contentMd5) throw new Refusal('Md5Mismatch');
  const file = tree.putRange(path, start, body);
  return { status: 201, headers: { ...properties(file), 'content-md5': contentMd5 } };
}

/** "Rename File"; the request goes to the new name. */
function renameFile(share: ShareContext, { path, headers }: FilesRequest): Reply {
  const from = share.pathOf(required(headers, 'x-ms-file-rename-source'));
  if (from === undefined) throw new Refusal('ResourceNotFound');
  const replaceIfExists = headers['x-ms-file-rename-replace-if-exists'] === 'true';
  const file = share.tree.rename(from, path, replaceIfExists);
  return { status: 200, headers: properties(file) };
}

/** "Get File": 206 for a range, which ends with the file; 416 when it begins beyond. */
function getFile({ tree }: ShareContext, { path, headers }: FilesRequest): Reply {
  const file = tree.file(path);
  const { content } = file;
  if (headers['x-ms-range'] === undefined && headers.range === undefined) {
    return { status: 200, headers: properties(file), body: content };
  }
  const { start, end } = rangeOf(headers);
  if (start >= content.length) throw new Refusal('InvalidRange');
  const last = Math.min(end, content.length - 1);
  return {
    status: 206,
    headers: { ...properties(file), 'content-range': `bytes ${start}-${last}/${content.length}` },
    body: content.subarray(start, last + 1),
  };
}

function getFileProperties({ tree }: ShareContext, { path }: FilesRequest): Reply {
  const file = tree.file(path);
  const length = { 'content-length': String(file.content.length), 'x-ms-type': 'File' };
  return { status: 200, headers: { ...properties(file), ...length } };
}

function deleteFile({ tree }: ShareContext, { path }: FilesRequest): Reply {
  tree.deleteFile(path);
  return { status: 202 };
}

function properties({ lastModified }: FileNode): Record<string, string> {
  const etag = `"0x${lastModified.getTime().toString(16).toUpperCase()}"`;
  return { etag, 'last-modified': lastModified.toUTCString() };
}

/** "Specifying the range header for file service operations": `x-ms-range` comes first. */
function rangeOf(headers: IncomingHttpHeaders): { start: number; end: number } {
  const value = headers['x-ms-range'] ?? headers.range;
  if (value === undefined) throw new Refusal('MissingRequiredHeader');
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(String(value)) ?? [];
  if (start === undefined) throw new Refusal('InvalidHeaderValue');
  return { start: Number(start), end: end ? Number(end) : Infinity };
}

function required(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (value === undefined) throw new Refusal('MissingRequiredHeader');
  return String(value);
}
