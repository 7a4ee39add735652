/**
 * What an object may be called, on every storage alike: a name that one of them cannot hold is
 * refused on all, before anything is touched. A wrong name is a defect of ours, never an answer
 * of a storage.
 */

export const OBJECT_NAME_LENGTH_MAX = 200;

/** No dot at either end: `..` leads out of the folder, `.x` is a storage's own, SMB drops `x.`. */
const SEGMENT = /^[a-z0-9-](?:[a-z0-9.-]*[a-z0-9-])?$/;
const PART_OF_SEGMENT = /^(?:[a-z0-9-][a-z0-9.-]*)?$/;

/** @throws Error */
export function checkObjectName(name: string): void {
  const allowed =
    name.length <= OBJECT_NAME_LENGTH_MAX && name.split('/').every(isSegmentOfObjectName);
  if (!allowed) throw new Error(`not a name for an object: ${JSON.stringify(name)}`);
}

/**
 * A prefix may be empty and may end inside a segment.
 * @throws Error
 */
export function checkObjectPrefix(prefix: string): void {
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  const allowed =
    prefix.length <= OBJECT_NAME_LENGTH_MAX &&
    segments.every(isSegmentOfObjectName) &&
    PART_OF_SEGMENT.test(last);
  if (!allowed) throw new Error(`not a prefix of objects' names: ${JSON.stringify(prefix)}`);
}

/** What is called otherwise in a storage's folder is not ours. */
export function isSegmentOfObjectName(text: string): boolean {
  return SEGMENT.test(text);
}
