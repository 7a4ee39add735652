/**
 * What the objects of a storage are called. Numbers are padded to one width, so that the order of
 * names is the order of positions, and every name can be told from every other by its text alone. A
 * name that holds a hash stands for its content: who finds it taken has stored the same bytes.
 */
import { assert } from '../platform/assert.ts';

export const HEAD_PREFIX = 'head/';
export const MANIFEST_PREFIX = 'manifest/';
export const SNAPSHOT_PREFIX = 'snapshots/';
export const WAL_PREFIX = 'wal/';
export const LOG_PREFIX = 'logs/';

/** What a segment's name says of it. */
export interface SegmentName {
  readonly chain: number;
  /** Holds the commits after this one, */
  readonly from: number;
  /** up to and with this one. */
  readonly to: number;
  /** When the content at `to` was current, whole milliseconds since 1970. */
  readonly at: number;
  /** Of the stored object, hex. */
  readonly sha256: string;
}

/** A segment as a storage lists it. */
export interface SegmentEntry extends SegmentName {
  readonly name: string;
  /** Of the stored object. */
  readonly bytes: number;
}

const NUMBER_DIGITS = 12;
const CHAIN_DIGITS = 8;
const SEQUENCE_DIGITS = 16;
const TIME_DIGITS = 14;
/** Of a hash, where a position stands beside it. */
const SHORT_HASH_LENGTH = 16;

const NUMBERED = /^(?:head|manifest)\/([0-9]{12})\.json$/;
const SEGMENT = /^wal\/([0-9]{8})\/([0-9]{16})-([0-9]{16})-([0-9]{14})-([0-9a-f]{64})\.wal\.zst$/;

export function headName(number: number): string {
  return `${HEAD_PREFIX}${padded(number, NUMBER_DIGITS)}.json`;
}

export function manifestName(number: number): string {
  return `${MANIFEST_PREFIX}${padded(number, NUMBER_DIGITS)}.json`;
}

/** @param sha256 of the stored object, hex */
export function snapshotName(sequence: number, sha256: string): string {
  const hash = sha256.slice(0, SHORT_HASH_LENGTH);
  return `${SNAPSHOT_PREFIX}${padded(sequence, SEQUENCE_DIGITS)}-${hash}.db.zst`;
}

/** @param at milliseconds since 1970; a fraction is cut off */
export function logSnapshotName(at: number, sha256: string): string {
  const hash = sha256.slice(0, SHORT_HASH_LENGTH);
  return `${LOG_PREFIX}${padded(Math.floor(at), TIME_DIGITS)}-${hash}.db.zst`;
}

/** Everything a chain consists of is below it; ends in a slash. */
export function chainPrefix(chain: number): string {
  return `${WAL_PREFIX}${padded(chain, CHAIN_DIGITS)}/`;
}

/** A fraction of `at` is cut off. */
export function segmentName({ chain, from, to, at, sha256 }: SegmentName): string {
  assert(from < to, 'a segment holds at least one commit');
  const span = `${padded(from, SEQUENCE_DIGITS)}-${padded(to, SEQUENCE_DIGITS)}`;
  const time = padded(Math.floor(at), TIME_DIGITS);
  return `${chainPrefix(chain)}${span}-${time}-${sha256}.wal.zst`;
}

/** @returns undefined for a name that is not a segment's */
export function parseSegmentName(name: string): SegmentName | undefined {
  const match = SEGMENT.exec(name);
  if (match === null) return undefined;
  const [chain, from, to, at] = match.slice(1, 5).map(Number);
  const sha256 = match[5];
  if (chain === undefined || from === undefined || to === undefined) return undefined;
  if (at === undefined || sha256 === undefined) return undefined;
  return from < to && Number.isSafeInteger(to) ? { chain, from, to, at, sha256 } : undefined;
}

/** @returns the number of a head or a manifest; undefined for any other name */
export function parseNumberedName(name: string): number | undefined {
  const digits = NUMBERED.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function padded(value: number, digits: number): string {
  const text = String(value).padStart(digits, '0');
  // A number that outgrows its width would be sorted wrongly for ever after.
  assert(
    Number.isSafeInteger(value) && value >= 0 && text.length === digits,
    `${value} does not fit a name's ${digits} digits`,
  );
  return text;
}
