/** Whether who follows an endpoint's log may go on: what opened the door is looked at again and again. */
import { type CredentialSecret, isLive } from '../../store/credential.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../ports.ts';

/**
 * @param credentialId of a token that is let in now; undefined, or one that the store does not know:
 *   then only the endpoint can end it
 */
export function stillAdmitted(
  store: Pick<Store, 'endpoint' | 'credential'>,
  clock: Clock,
  endpointId: string,
  credentialId: string | undefined,
): () => boolean {
  const before = credentialId === undefined ? undefined : store.credential(credentialId);
  return () => {
    if (store.endpoint(endpointId)?.active !== true) return false;
    if (before === undefined) return true;
    const now = store.credential(before.id);
    return (
      now !== undefined &&
      isLive(now, clock.now()) &&
      now.scopes.includes('scim.manage') &&
      hashesOf(now.secrets) === hashesOf(before.secrets)
    );
  };
}

/** Which of them opened the door is forgotten: with another list, whoever listens shows the token again. */
function hashesOf(secrets: readonly CredentialSecret[]): string {
  return secrets.map(({ hash }) => hash).join(' ');
}
