/**
 * Attributes that a search does not name get no part of what it reads of changes: a filter right after
 * many writes would wait for the parsing of all that others have named. They catch up when they are
 * named again.
 */
import type { ChangeReader } from '../../sqlite/change-reader.ts';
import type { AttributeTable } from './attribute-table.ts';
import type { Places } from './places.ts';
import type { RowValues } from './row-values.ts';

export interface Behind {
  /** Each with a number of slots of its own. */
  readonly tables: readonly AttributeTable[];
  /** What they hold, in their order. */
  readonly values: RowValues;
  /** How many there are by now. */
  readonly slots: number;
  readonly places: Places;
}

/** Rows are numbered from 1 on. */
const NOBODY = 0;

/**
 * Gives the tables all slots. What has changed once more since its slot came is read as it is now: it
 * has a later slot, or will get one from whoever reads changes.
 * @param keepGoing called before each slice; throws to end it, and the next one goes on from there
 */
export function catchUp(
  { tables, values, slots, places }: Behind,
  changes: ChangeReader,
  sliceRows: number,
  keepGoing: () => void,
): void {
  const first = tables.reduce((least, table) => Math.min(least, table.slots), slots);
  if (first === slots) return;
  const rows = rowsFrom(first, slots, places);
  for (let slot = first; slot < slots; slot += 1) {
    if ((slot - first) % sliceRows === 0) keepGoing();
    const row = rows[slot - first] ?? NOBODY;
    const read = row === NOBODY ? undefined : changes.at(row);
    const found = read && values.of(read);
    for (const [index, table] of tables.entries()) {
      if (table.slots === slot) table.push(found?.[index]);
    }
  }
}

/** By slot, from the first on; a dead slot is nobody's. */
function rowsFrom(first: number, slots: number, places: Places): Float64Array {
  const rows = new Float64Array(slots - first);
  for (const [place, slot] of places.slotAt.entries()) {
    if (slot >= first) rows[slot - first] = places.rowAt(place);
  }
  return rows;
}
