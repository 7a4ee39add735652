/**
 * Pages in the order of lists: type by type, each by id. A page by index counts every match, as
 * `totalResults` asks; a walk by cursor looks at no more than its page and one match beyond.
 */
import type { Place, Position } from '../../scim/messages/cursor.ts';
import type { ReadRow } from '../read-row.ts';
import { matchesOf, type Matches } from './matches.ts';
import { cursorFound, indexFound, type Found, type Run } from './run.ts';

/**
 * @param descending by id; with one type only
 * @returns undefined when the bounds do not allow it
 */
export function walked(run: Run, descending: boolean): Found | undefined {
  const all: Matches[] = [];
  for (const target of run.targets) {
    const matches = matchesOf(run, target);
    if (matches === undefined) return undefined;
    all.push(matches);
  }
  const { start } = run.query;
  return start.by === 'index'
    ? indexPage(run, all, start.startIndex, descending)
    : cursorPage(run, all, start.place, descending);
}

function indexPage(
  run: Run,
  all: readonly Matches[],
  startIndex: number,
  descending: boolean,
): Found | undefined {
  const rows: ReadRow[] = [];
  let skip = Math.max(startIndex, 1) - 1;
  let total = 0;
  for (const matches of all) {
    const room = Math.max(run.query.count, 0) - rows.length;
    const count =
      matches.total === undefined
        ? countAndKeep(run, matches, descending, skip, room, rows)
        : matches.total;
    if (matches.total !== undefined && room > 0 && skip < count) {
      const page = matches.page(skip, room, descending);
      if (page === undefined) return undefined;
      rows.push(...page);
    }
    total += count;
    skip = Math.max(skip - count, 0);
  }
  return indexFound(rows, total);
}

/** @returns how many there are, those of the page put into `rows` */
function countAndKeep(
  { bounds }: Run,
  matches: Matches,
  descending: boolean,
  skip: number,
  room: number,
  rows: ReadRow[],
): number {
  let count = 0;
  for (const { row } of matches.walk(undefined, descending, bounds.sliceRows)) {
    if (count >= skip && count < skip + room) rows.push(row);
    count += 1;
  }
  return count;
}

function cursorPage(run: Run, all: readonly Matches[], place: Place, descending: boolean): Found {
  const { count } = run.query;
  const known = knownTotal(all);
  if (count <= 0) return indexFound([], known ?? countedTotal(run, all));
  const rows = behind(all, place, descending, count + 1);
  const more = rows.length > count;
  if (more) rows.pop();
  const whole = place.position === undefined && !more;
  if (place.backwards) rows.reverse();
  const positions = rows.map(({ type, id }): Position => ({ type, id, key: undefined }));
  return cursorFound(place, rows, positions, more, known ?? (whole ? rows.length : undefined));
}

/** The next matches from a place on, in the direction of the walk. */
function behind(
  all: readonly Matches[],
  { backwards, position }: Place,
  descending: boolean,
  wanted: number,
): ReadRow[] {
  const ordered = backwards ? all.toReversed() : all;
  const first = ordered.findIndex(({ type }) => type.name === position?.type);
  const rows: ReadRow[] = [];
  for (const [at, matches] of ordered.entries()) {
    if (at < first) continue;
    const from = at === first ? position?.id : undefined;
    for (const { row } of matches.walk(from, descending !== backwards, wanted - rows.length)) {
      rows.push(row);
      if (rows.length === wanted) return rows;
    }
  }
  return rows;
}

function knownTotal(all: readonly Matches[]): number | undefined {
  let sum = 0;
  for (const { total } of all) {
    if (total === undefined) return undefined;
    sum += total;
  }
  return sum;
}

function countedTotal(run: Run, all: readonly Matches[]): number {
  return all.reduce(
    (sum, matches) => sum + (matches.total ?? countAndKeep(run, matches, false, 0, 0, [])),
    0,
  );
}
