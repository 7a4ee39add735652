/**
 * Which rows of a list are gone, when ids came in the order of rows: stretches of the list are counted
 * in the index, and only where one has fewer than it had is it read. So a delete costs a fraction of
 * what reading all rows does.
 */
import type { ChangeReader, Stretch } from '../../sqlite/change-reader.ts';
import { lowerBound } from './numbers.ts';

/** Rows of a stretch: few statements, and not much to read where something is gone. */
const STRETCH_ROWS = 4096;

/**
 * @param rows ascending; all that are in the list are among them
 * @param missing how many are gone
 * @returns ascending
 */
export function goneRows(
  changes: Pick<ChangeReader, 'idOf' | 'countOf' | 'rowsOf'>,
  list: { readonly endpoint: number; readonly type: string },
  rows: Float64Array,
  missing: number,
  keepGoing: () => void,
  stretchRows = STRETCH_ROWS,
): number[] {
  const gone: number[] = [];
  let start = 0;
  let from: string | undefined;
  while (start < rows.length && gone.length < missing) {
    keepGoing();
    const { end, id } = nextEdge(changes, rows, start + stretchRows);
    const stretch: Stretch = { ...list, from, to: id };
    if (changes.countOf(stretch) < end - start) {
      const left = changes.rowsOf(stretch);
      for (const row of rows.subarray(start, end)) if (!includes(left, row)) gone.push(row);
    }
    start = end;
    from = id;
  }
  return gone;
}

/** Where a stretch may end: before a row that is still there and so has an id. */
function nextEdge(
  changes: Pick<ChangeReader, 'idOf'>,
  rows: Float64Array,
  at: number,
): { end: number; id: string | undefined } {
  for (let end = at; end < rows.length; end += 1) {
    const id = changes.idOf(rows[end] ?? 0);
    if (id !== undefined) return { end, id };
  }
  return { end: rows.length, id: undefined };
}

/** @param ascending as ids are, and so rows */
function includes(ascending: readonly number[], row: number): boolean {
  return ascending[lowerBound(ascending, ascending.length, row)] === row;
}
