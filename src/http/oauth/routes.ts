/** The paths of OAuth, as the one route table has them (see ../routes.ts). Pure. */
import type { Route, ScimRoot } from '../routes.ts';

export type OauthRoute =
  | { readonly kind: 'oauthToken'; readonly root: ScimRoot }
  | { readonly kind: 'oauthKeys' }
  /** `issuerPath` is '' for the server, else the path of a SCIM root. */
  | { readonly kind: 'oauthMetadata'; readonly issuerPath: string };

/** Under a SCIM root: `/oauth/token` and `/oauth/jwks`. */
export function oauthRoute(root: ScimRoot, last: string | undefined): OauthRoute | undefined {
  if (last === 'token') return { kind: 'oauthToken', root };
  return last === 'jwks' ? { kind: 'oauthKeys' } : undefined;
}

/**
 * `/.well-known/oauth-authorization-server`, with the issuer's path behind it (RFC 8414 §3.1).
 * @param find what a path means
 */
export function wellKnownRoute(
  [, , document, ...issuer]: readonly string[],
  find: (path: string) => Route | undefined,
): OauthRoute | undefined {
  if (document !== 'oauth-authorization-server') return undefined;
  if (issuer.length === 0) return { kind: 'oauthMetadata', issuerPath: '' };
  const route = find(`/${issuer.join('/')}`);
  return route?.kind === 'root'
    ? { kind: 'oauthMetadata', issuerPath: route.root.path }
    : undefined;
}
