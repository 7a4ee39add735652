/** What a store can be asked. */
import type { FilterNode } from '../scim/filter/ast.ts';

/** Whether and how members or groups come with a resource. */
export interface LinksQuery {
  /** Base URL for `$ref`, without trailing slash. */
  readonly base: string;
}

export interface GetQuery {
  readonly endpointId: string;
  readonly type: string;
  readonly id: string;
  /** Undefined: members or groups are not read. */
  readonly links: LinksQuery | undefined;
}

export interface SearchQuery {
  readonly endpointId: string;
  readonly type: string;
  readonly filter: FilterNode | undefined;
  /** 1-based (RFC 7644 §3.4.2.4). */
  readonly startIndex: number;
  readonly count: number;
  readonly links: LinksQuery | undefined;
}
