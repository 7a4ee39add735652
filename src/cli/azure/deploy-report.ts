/** What a deployment has to say, as lines and as an object. Pure. */
import type { Report } from '../report.ts';
import type { DeployedApp } from './app.ts';
import type { AzureTarget } from './arguments.ts';
import { type AppSecrets, SHARED_SECRET } from './secrets.ts';

/** @param result the token is shown when it was made in this run, and never else */
export function deployReport(result: {
  readonly target: AzureTarget;
  readonly account: string;
  readonly deployed: DeployedApp | undefined;
  readonly revision: string;
  readonly secrets: AppSecrets;
  readonly changed: boolean;
}): Report {
  const { target, account, deployed, revision, secrets, changed } = result;
  const url = deployed?.url ?? '';
  const storages = deployed?.storages ?? [];
  const lines = [
    changed ? `deployed ${target.app}` : `${target.app} is as it should be: nothing was changed`,
    `    subscription  ${account}`,
    `    SCIM base     ${url}/scim/v2`,
    `    image         ${deployed?.image ?? ''}`,
    `    revision      ${revision}`,
    `    storage       ${storages.length === 0 ? 'none: what it holds goes with it' : storages.join(', ')}`,
    secrets.made === undefined
      ? `    token         as before: ${tokenHint(target)}`
      : `    token         ${secrets.made}  (shown this once)`,
  ];
  const { group, app } = target;
  const image = deployed?.image ?? null;
  const json = { app, group, subscription: account, url, image, revision, storages, changed };
  return {
    lines,
    json: secrets.made === undefined ? json : { ...json, sharedSecret: secrets.made },
    ok: true,
  };
}

/** For a what-if that Azure cannot answer: a deployment needs its resource group. */
export function cannotAskYet(
  { group }: AzureTarget,
  location: string | undefined,
  providers: readonly string[],
): Report {
  const lines = [
    ...providers.map((namespace) => `would register the resource provider ${namespace}`),
    ...(location === undefined ? [] : [`would make the resource group ${group} in ${location}`]),
    'would deploy everything in infra/main.bicep; Azure can say more once these are there',
  ];
  return { lines, json: { whatIf: lines }, ok: true };
}

/** How to read the token later. */
export function tokenHint({ group, app }: AzureTarget): string {
  return `az containerapp secret show --name ${app} --resource-group ${group} --secret-name ${SHARED_SECRET}`;
}
