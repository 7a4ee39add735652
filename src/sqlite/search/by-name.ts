/**
 * All resources of a type in the order of the index of names, where that is the order of the sort:
 * each has a name, and no name on the page is so long that a sort would look at its beginning only.
 */
import type { Place, Position } from '../../scim/messages/cursor.ts';
import { SORT_KEY_LENGTH } from '../../scim/sort/key.ts';
import type { List } from '../list-marks.ts';
import type { NamedRow } from '../read-row.ts';
import { cursorFound, indexFound, type Found, type Run, type Target } from './run.ts';

/** Whether the index of names has all that is searched, in the order of the sort. */
export function sortsByName({ searched, type, sort }: Target): boolean {
  const { nameAttribute } = type;
  return (
    searched.filter === undefined &&
    sort !== undefined &&
    nameAttribute?.required === true &&
    sort.extension === undefined &&
    sort.sub === undefined &&
    sort.attribute === nameAttribute
  );
}

/** Undefined when the bounds do not allow it, or when a name is too long. */
export function pageByName(run: Run, { type }: Target, descending: boolean): Found | undefined {
  const { reader, query } = run;
  const list = reader.lists.open(query.endpoint, type.name);
  if (query.count <= 0) return indexFound([], list.count);
  return query.start.by === 'index'
    ? indexPage(run, list, query.start.startIndex, descending)
    : cursorPage(run, list, query.start.place, descending);
}

function indexPage(
  { reader, query, bounds }: Run,
  list: List,
  startIndex: number,
  descending: boolean,
): Found | undefined {
  const offset = Math.max(startIndex, 1) - 1;
  const wanted = Math.min(query.count, list.count - offset);
  if (wanted <= 0) return indexFound([], list.count);
  if (offset > bounds.offsetMax) return undefined;
  const rows = reader.lists.pageByName(list, offset, descending, wanted);
  const whole = rows.length === wanted && !rows.some(hasLongName);
  return whole ? indexFound(rows, list.count) : undefined;
}

function cursorPage(
  { reader, query }: Run,
  list: List,
  place: Place,
  descending: boolean,
): Found | undefined {
  const { backwards, position } = place;
  const from = position?.key;
  if (position !== undefined && (typeof from !== 'string' || isLong(from))) return undefined;
  const rows = reader.lists.sliceByName(
    list,
    typeof from === 'string' ? from : undefined,
    descending !== backwards,
    query.count + 1,
  );
  if (rows.some(hasLongName)) return undefined;
  const more = rows.length > query.count;
  if (more) rows.pop();
  if (backwards) rows.reverse();
  const positions = rows.map(({ type, id, nameKey }): Position => ({ type, id, key: nameKey }));
  return cursorFound(place, rows, positions, more, list.count);
}

/** A name that fills a key may be longer than its key. */
function isLong(name: string): boolean {
  return name.length >= SORT_KEY_LENGTH - 1;
}

function hasLongName({ nameKey }: NamedRow): boolean {
  return isLong(nameKey);
}
