/** What a request does, in the words of scopes: reading, or changing. */
import type { Scope } from '../store/credential.ts';
import type { ScimRoute } from './routes.ts';

/** A search by POST (RFC 7644 §3.4.3) reads. A bulk may change, whatever is in it. */
export function scopeOf({ kind }: Pick<ScimRoute, 'kind'>, method: string): Scope {
  const reads = method === 'GET' || method === 'HEAD' || kind === 'search';
  return reads ? 'scim.read' : 'scim.write';
}
