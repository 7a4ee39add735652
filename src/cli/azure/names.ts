/** Names that this deployment gives to things in Azure. Pure. */
import { createHash } from 'node:crypto';

const ACCOUNT_LENGTH_MAX = 24;
const HASH_LENGTH = 13;

/**
 * The name of the storage account: 3 to 24 lower-case letters and digits, as Azure demands. Names
 * are taken across all of Azure, so most of it is a hash of what only this deployment has; the same
 * app always gets the same name, however often it is deployed.
 */
export function storageAccountName(subscriptionId: string, group: string, app: string): string {
  const readable = app.replaceAll(/[^a-z0-9]/g, '').slice(0, ACCOUNT_LENGTH_MAX - HASH_LENGTH);
  // Names of groups and apps are the same in any case; a slash is in none of them.
  const whole = [subscriptionId, group, app].join('/').toLowerCase();
  const hash = BigInt(`0x${createHash('sha256').update(whole).digest('hex')}`).toString(36);
  return `${readable}${hash.slice(0, HASH_LENGTH)}`;
}

/** Azure keeps the parameters and the outcome of the last deployment of this name. */
export function deploymentName(app: string): string {
  return `scimlane-${app}`;
}

/** `contoso` of `contoso.azurecr.io/scimlane:1.2.0`; undefined for other registries. */
export function azureRegistryOf(image: string): string | undefined {
  return /^([a-z0-9]{5,50})\.azurecr\.io\//i.exec(image)?.[1]?.toLowerCase();
}
