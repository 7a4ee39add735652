/** What a store can be asked. */
import type { FilterNode } from '../scim/filter/ast.ts';
import type { Place } from '../scim/messages/cursor.ts';
import type { Sort } from '../scim/sort/compile.ts';

/** Whether and how members or groups come with a resource. */
export interface LinksQuery {
  /** Base URL for `$ref`, without trailing slash. */
  readonly base: string;
}

/** Who waits for an answer, and may stop waiting: a client closes its connection. */
export interface Caller {
  /**
   * Calls back once when nobody waits any more; at once if that is so already. A later registration
   * takes the place of an earlier one: a caller waits for one thing at a time.
   */
  onGone(callback: () => void): void;
}

export interface GetQuery {
  readonly endpointId: string;
  readonly type: string;
  readonly id: string;
  /** Undefined: members or groups are not read. */
  readonly links: LinksQuery | undefined;
}

/** What is searched for among the resources of one type. */
export interface SearchedType {
  readonly name: string;
  readonly filter: FilterNode | undefined;
  /** Whether members or groups come with the resources. */
  readonly links: boolean;
}

/** Where a page begins: at an index, 1-based (RFC 7644 §3.4.2.4), or at a cursor's place (RFC 9865). */
export type PageStart =
  | { readonly by: 'index'; readonly startIndex: number }
  | { readonly by: 'cursor'; readonly place: Place };

/** Without `sort`, resources come type by type, as `types` has them. */
export interface SearchQuery {
  readonly endpointId: string;
  /** One or more, each once. */
  readonly types: readonly SearchedType[];
  readonly sort: Sort | undefined;
  readonly start: PageStart;
  readonly count: number;
  /** Base URL of references and locations, shown or filtered by; without trailing slash. */
  readonly base: string;
}
