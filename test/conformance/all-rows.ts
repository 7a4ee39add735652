/** Every row, in the order of the RFCs. */
import type { Row } from './row.ts';
import { ATTRIBUTE_ROWS } from './rows/attributes.ts';
import { ATTRIBUTES_PARAMETER_ROWS } from './rows/attributes-parameter.ts';
import { BULK_ROWS } from './rows/bulk.ts';
import { CHARACTERISTIC_ROWS } from './rows/characteristics.ts';
import { CORE_ROWS } from './rows/core.ts';
import { CREATE_ROWS } from './rows/create.ts';
import { CURSOR_ROWS } from './rows/cursor.ts';
import { DISCOVERY_ROWS } from './rows/discovery.ts';
import { FILTER_ROWS } from './rows/filter.ts';
import { HTTP_ROWS } from './rows/http.ts';
import { PATCH_OPERATION_ROWS } from './rows/patch-operations.ts';
import { PATCH_ROWS } from './rows/patch.ts';
import { QUERY_ROWS } from './rows/query.ts';
import { REPLACE_ROWS } from './rows/replace.ts';
import { RESOURCE_ROWS } from './rows/resources.ts';
import { SEARCH_ROWS } from './rows/search.ts';

const ROWS: readonly Row[] = [
  ...ATTRIBUTE_ROWS,
  ...RESOURCE_ROWS,
  ...CORE_ROWS,
  ...CHARACTERISTIC_ROWS,
  ...DISCOVERY_ROWS,
  ...CREATE_ROWS,
  ...FILTER_ROWS,
  ...QUERY_ROWS,
  ...ATTRIBUTES_PARAMETER_ROWS,
  ...REPLACE_ROWS,
  ...PATCH_ROWS,
  ...PATCH_OPERATION_ROWS,
  ...HTTP_ROWS,
  ...SEARCH_ROWS,
  ...BULK_ROWS,
  ...CURSOR_ROWS,
].sort(byPlace);

/** The rows of an RFC (`7644`) or of a section and those below it (`7644-3.5`); all without one. */
export function rowsOf(section?: string): readonly Row[] {
  if (section === undefined) return ROWS;
  return ROWS.filter(({ rfc, section: number }) => {
    const own = `${rfc}-${number}`;
    return own === section || own.startsWith(`${section}.`) || rfc === section;
  });
}

/** By RFC, then by section as numbers; rows of one section stay in their order. */
function byPlace(a: Row, b: Row): number {
  return `${a.rfc}.${a.section}`.localeCompare(`${b.rfc}.${b.section}`, 'en', { numeric: true });
}
