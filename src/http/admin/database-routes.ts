/** The paths behind `/scim/admin/database`: users and groups of all endpoints. */
import { token } from '../path-token.ts';

export type DatabaseRoute =
  | { readonly kind: 'databaseResources'; readonly type: 'User' | 'Group' }
  | { readonly kind: 'databaseResource'; readonly type: 'User' | 'Group'; readonly id: string };

/** @param rest the segments behind `database` */
export function databaseRoute([name, rawId, ...more]: readonly string[]):
  DatabaseRoute | undefined {
  const type = name === 'users' ? 'User' : name === 'groups' ? 'Group' : undefined;
  if (type === undefined || more.length > 0) return undefined;
  if (rawId === undefined) return { kind: 'databaseResources', type };
  const id = token(rawId);
  return id === undefined ? undefined : { kind: 'databaseResource', type, id };
}
