/**
 * One search on its way: what was asked, compiled before anything is read, the bounds of the thread it
 * runs on, and what it found.
 */
import type { Place, Position } from '../../scim/messages/cursor.ts';
import type { Registry, ResourceType } from '../../scim/schema/attribute.ts';
import type { CompiledSort } from '../../scim/sort/compile.ts';
import type { SearchedType, SearchQuery } from '../../store/queries.ts';
import type { FilterPlan } from '../plan/choose.ts';
import type { ReadRow } from '../read-row.ts';
import type { Reader } from '../reader.ts';
import type { RowView } from '../row-view.ts';

/** A search as plain data that crosses threads. */
export interface ResourceSearch extends Omit<SearchQuery, 'endpointId'> {
  /** Row of the endpoint. */
  readonly endpoint: number;
}

export interface SearchBounds {
  /** Whether resources may be read that no index has found. */
  readonly scan: boolean;
  /** How many resources a page by index may skip. */
  readonly offsetMax: number;
  /** How many resources an index may find before that counts as a scan. */
  readonly probeRowsMax: number;
  /** How many resources a scan reads at a time. */
  readonly sliceRows: number;
  /** How many resources a sort may hold. */
  readonly sortedRowsMax: number;
  /** How many members or groups one answer may show. */
  readonly linksMax: number;
  /** Called before each slice of a scan; throws to end it. */
  readonly keepGoing: () => void;
}

/** A resource type that is searched. */
export interface Target {
  readonly searched: SearchedType;
  readonly type: ResourceType;
  /** By which indexes its filter can be answered; undefined without a filter. See `plansFor`. */
  readonly plans: readonly [FilterPlan, ...FilterPlan[]] | undefined;
  /** Undefined without a sort, and for a type that lacks the attribute. */
  readonly sort: CompiledSort | undefined;
  /** Of what the first plan leaves over. */
  readonly view: RowView;
}

export interface Run {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly query: ResourceSearch;
  readonly bounds: SearchBounds;
  readonly targets: readonly Target[];
}

export interface Found {
  /** Of the page, in order. */
  readonly rows: readonly ReadRow[];
  /** On all pages; undefined when only a part was looked at. */
  readonly total: number | undefined;
  readonly next: Place | undefined;
  readonly previous: Place | undefined;
}

/** Lists are in the order of ids. */
export function sortsById({ type, sort }: Pick<Target, 'type' | 'sort'>): boolean {
  return sort !== undefined && sort.attribute === type.attributes.get('id');
}

export function indexFound(rows: readonly ReadRow[], total: number): Found {
  return { rows, total, next: undefined, previous: undefined };
}

/**
 * A page of a walk by cursor.
 * @param positions of its rows
 * @param more whether there are results beyond it, in the direction of the walk
 */
export function cursorFound(
  place: Place,
  rows: readonly ReadRow[],
  positions: readonly Position[],
  more: boolean,
  total: number | undefined,
): Found {
  const [first] = positions;
  const last = positions.at(-1);
  const hasPrevious = place.backwards ? more : place.position !== undefined;
  // A page that ends before a result is followed by it; if nothing was left there, by the first.
  const hasNext = place.backwards || (more && last !== undefined);
  return {
    rows,
    total,
    next: hasNext ? { backwards: false, position: last } : undefined,
    previous: hasPrevious && first !== undefined ? { backwards: true, position: first } : undefined,
  };
}
